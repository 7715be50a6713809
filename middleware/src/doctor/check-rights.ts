import { lackedRights } from '../settings/lacked-rights';
import { neededRights, rightsOfLinks } from '../settings/needed-rights';
import { findRecordType } from '../settings/record-type';
import { sobjectOf, MAPPED_OBJECTS } from '../settings/objects';
import { GRANT_RIGHT, lackInWords, rightName, type NeededRight } from '../settings/right';
import { scopesOf } from '../settings/use';
import type { Settings } from '../settings/settings';
import type { OrgFacts } from './facts';
import type { DoctorLine, LineMaker } from './line';

/** A line for each right that the settings need. Of an object that is not seen, the right to read it is told alone. */
export function checkRights(settings: Settings, { view }: OrgFacts, line: LineMaker): DoctorLine[] {
  const needed = neededRights(settings, view);
  const lacked = new Map(lackedRights(needed, view.schema).map((lack) => [rightName(lack.right), lack]));
  const unseen = new Set([...lacked.values()].filter(isUnseenObject).map(({ right }) => objectOf(right)));
  return needed.flatMap((right) => {
    const name = rightName(right.right);
    const lack = lacked.get(name);
    if (lack !== undefined) return [line.failure(name, lackInWords(lack), GRANT_RIGHT, 'permissionSets')];
    const object = objectOf(right.right);
    if (object !== null && unseen.has(object)) return [];
    return [line.ok(name, `${sentence(right.reasons.join('; '))}.`, 'permissionSets')];
  });
}

/** What a booking link can name. Settings do not say whether any does, so this is told and asked of nobody. */
export function checkLinks({ view }: OrgFacts, line: LineMaker): DoctorLine {
  const check = 'booking links to Accounts, Cases and Opportunities';
  const lacked = lackedRights(rightsOfLinks(view), view.schema);
  if (lacked.length === 0) return line.ok(check, 'A booking link may name such a record: the Event is related to it.');
  return line.ok(
    check,
    `A booking link that names such a record counts only with the rights ${lacked.map(({ right }) => `"${rightName(right)}"`).join(', ')}; without them the booking is written as if the link did not name it. Where you use such links, "booking-connector permissions --links" grants them.`,
    'permissionSets',
  );
}

/** Whether each record type that the settings name is open to the API user. */
export function checkRecordTypes(settings: Settings, { view }: OrgFacts, line: LineMaker): DoctorLine[] {
  const named = new Map<string, { sobject: string; name: string }>();
  for (const { settings: page } of scopesOf(settings)) {
    for (const object of MAPPED_OBJECTS) {
      const name = page.rules.recordTypes[object];
      if (name !== undefined) named.set(`${sobjectOf(object)} ${name}`, { sobject: sobjectOf(object), name });
    }
  }
  return [...named.values()].flatMap(({ sobject, name }) => {
    const schema = view.schema.objects[sobject];
    if (schema === undefined) return [];
    const check = `record type ${name} of ${sobject}`;
    return findRecordType(schema, name).kind === 'found'
      ? [line.ok(check, 'It is active and open to the API user.', 'permissionSets')]
      : [
          line.failure(
            check,
            'The settings name it, and it does not exist, is inactive, or is not open to the API user.',
            'Make the record type available to the API user, or choose another one in the settings.',
            'permissionSets',
          ),
        ];
  });
}

function isUnseenObject({ right }: NeededRight): boolean {
  return (
    (right.kind === 'object' && right.access === 'read') ||
    (right.kind === 'user' && right.permission === 'ActivitiesAccess')
  );
}

/** Events are governed by user permissions. */
function objectOf(right: NeededRight['right']): string | null {
  if (right.kind !== 'user') return right.sobject;
  return right.permission === 'ApiEnabled' ? null : 'Event';
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
