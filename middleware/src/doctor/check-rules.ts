import { scopesOf } from '../settings/use';
import { creates } from '../settings/use';
import { sobjectOf } from '../settings/objects';
import type { Settings } from '../settings/settings';
import type { OrgFacts, OwnFacts } from './facts';
import type { DoctorLine, LineMaker } from './line';

/** Duplicate rules that stop new records. */
export function checkDuplicateRules(
  settings: Settings,
  { duplicateRules }: OrgFacts,
  { duplicatesParked }: OwnFacts,
  line: LineMaker,
): DoctorLine {
  const check = 'duplicate rules';
  const created = createdObjects(settings);
  const parked = duplicatesParked === 0 ? '' : ` ${duplicatesParked} bookings wait for one now.`;
  const remedy =
    'Nothing has to be done: a record that a rule finds is taken where its e-mail fits, else the booking waits for you. To let the connector create all the same, exempt the API user in the rule.';
  if (!duplicateRules.isKnown) {
    const why = `The API user may not read them: that takes View Setup and Configuration.${parked === '' ? ' None refuses a booking now.' : parked}`;
    return parked === '' ? line.ok(check, why, 'duplicateRules') : line.warning(check, why, remedy, 'duplicateRules');
  }
  const active = duplicateRules.value.filter(({ sobject }) => created.has(sobject));
  if (active.length === 0) return line.ok(check, 'None is active for what bookings create.', 'duplicateRules');
  const named = active.map(({ sobject, name }) => `${name} (${sobject})`).join(', ');
  return line.warning(
    check,
    `Active for what bookings create: ${named}. They may refuse a new customer.${parked}`,
    remedy,
    'duplicateRules',
  );
}

/** Assignment rules that would take new records away from the owner that the settings choose. */
export function checkAssignmentRules(settings: Settings, { assignmentRules }: OrgFacts, line: LineMaker): DoctorLine {
  const check = 'assignment rules';
  const wanted = new Set(
    scopesOf(settings).flatMap(({ settings: { rules } }) =>
      (['Lead', 'Case'] as const).filter((object) => rules.owner[object].onCreate.kind === 'assignmentRules'),
    ),
  );
  const page = wanted.has('Case') ? 'caseAssignment' : 'leadAssignment';
  if (!assignmentRules.isKnown) return line.ok(check, 'The API user may not read them.', page);
  const active = new Set(assignmentRules.value);
  const idle = [...wanted].filter((object) => !active.has(object));
  if (idle.length > 0) {
    return line.warning(
      check,
      `The settings leave the owner of ${idle.join(' and ')} to the org's assignment rules, and none is active: new ones go to the default owner.`,
      'Activate an assignment rule, or choose another owner in the settings.',
      page,
    );
  }
  const created = createdObjects(settings);
  const others = [...active].filter((object) => created.has(object) && !wanted.has(object as 'Lead' | 'Case'));
  if (others.length === 0)
    return line.ok(check, wanted.size > 0 ? 'They choose owners, as the settings say.' : 'None interferes.', page);
  const why = `Active for ${others.join(' and ')}. The connector keeps them from running, so that the owner of the settings stays; flows and triggers may still change it.`;
  return line.ok(check, why, page);
}

function createdObjects(settings: Settings): Set<string> {
  return new Set(scopesOf(settings).flatMap(({ settings: { rules } }) => [...creates(rules)].map(sobjectOf)));
}
