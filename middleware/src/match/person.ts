import type { Step } from '../booking/outcome';
import type { Candidate } from './candidate';
import { equallyGood } from './equally-good';
import { customerSobject, type Lookup, type Reached } from './follow';
import { textIn } from './found-record';
import type { FoundCustomer, PersonMatch, RelatedMatch } from './match-types';
import { MATCH_STEPS, type MatchVia } from './match-steps';
import { isVisible } from './org-view';
import { SEARCHES, type Asker, type Group } from './person-searches';
import { isLinked } from './related';
import type { Sought } from './sought';

/** Who the booking's customer is, by the steps of {@link MATCH_STEPS}; the related record is known by then. */
export function matchPerson(
  candidate: Candidate,
  sought: Sought,
  related: RelatedMatch | null,
  lookup: Lookup,
  steps: Step[],
): PersonMatch {
  const { rules } = candidate.settings.settings;
  const order = rules.searchOrder.filter((object) => isVisible(object, lookup.org));
  for (const object of rules.searchOrder.filter((one) => !order.includes(one)))
    steps.push({ step: object, outcome: 'not looked for: the org has no such records, or the user may not see them' });
  const asker: Asker = { candidate, sought, related, lookup, order, steps };

  for (const { via, by } of MATCH_STEPS) {
    const step = via === 'customerId' ? `${by} ${candidate.customerId}` : by;
    const search = SEARCHES[via](asker);
    if (search === null) continue;
    if ('skipped' in search) {
      steps.push({ step: `by ${step}`, outcome: search.skipped });
      continue;
    }
    for (const group of search) {
      const person = choose(group, via, step, asker);
      if (person !== null) return person;
    }
    const objects = search.map(({ object }) => object).join(', ');
    steps.push({ step: `${objects} by ${step}`, outcome: 'none' });
  }
  return unknownPerson(asker);
}

function choose(group: Group, via: MatchVia, step: string, { candidate, lookup, steps }: Asker): PersonMatch | null {
  const records = [...new Map(group.records.map((reached) => [reached.recordId, reached])).values()];
  const chosen = equallyGood(records, candidate.settings.settings.rules.ambiguous);
  if (chosen === null) return null;
  if (chosen === 'ambiguous') {
    steps.push({ step: `${group.object} by ${step}`, outcome: `${records.length} records equally good` });
    return { kind: 'ambiguous', object: group.object, recordIds: records.map(({ recordId }) => recordId).sort(), via };
  }
  const others = records.length > 1 ? `, changed last of ${records.length}` : '';
  const way = chosen.way.length > 0 ? `, because ${chosen.way.join(', ')}` : '';
  steps.push({
    step: `${chosen.object} by ${step}`,
    outcome: `${chosen.recordId}${others}${way}`,
  });
  return foundCustomer(chosen, group.via ?? via, candidate, lookup);
}

function foundCustomer(
  { object, recordId, record }: Reached,
  via: FoundCustomer['via'],
  { customerId }: Candidate,
  { index }: Lookup,
): FoundCustomer {
  const holders = index.living(customerSobject(object), 'customerId', customerId);
  const who = {
    Lead: recordId,
    Contact: recordId,
    PersonAccount: textIn(record, 'PersonContactId'),
    Opportunity: null,
  };
  return {
    kind: 'found',
    object,
    recordId,
    whoId: who[object],
    accountId: object === 'PersonAccount' ? recordId : textIn(record, 'AccountId'),
    record,
    via,
    // On an Opportunity the id is not unique.
    isKeyTaken: object !== 'Opportunity' && holders.some((holder) => holder['Id'] !== recordId),
  };
}

function unknownPerson({ candidate, related, steps }: Asker): PersonMatch {
  const { unknownCustomer } = candidate.settings.settings.rules;
  const none = (cause: string): PersonMatch => {
    steps.push({ step: 'unknown customer', outcome: cause });
    return { kind: 'none', cause };
  };
  if (unknownCustomer === 'None') return none('The rules make nobody of an unknown customer.');
  if (isLinked(related) && (unknownCustomer === 'Lead' || unknownCustomer === 'Opportunity'))
    return none(
      `The link names the ${related.object} ${related.recordId}: its Event belongs there, and cannot belong to a new ${unknownCustomer} as well.`,
    );
  steps.push({ step: 'unknown customer', outcome: `a new ${unknownCustomer}` });
  return { kind: 'create', object: unknownCustomer };
}
