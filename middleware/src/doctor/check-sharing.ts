import { GRANT_RIGHT, lackInWords, rightName } from '../settings/right';
import { useInAny, scopesOf } from '../settings/use';
import { MAPPED_OBJECTS, sobjectOf } from '../settings/objects';
import type { Settings } from '../settings/settings';
import type { OrgFacts } from './facts';
import type { DoctorLine, LineMaker } from './line';
import { searchedObjects, viewAllRights } from './visibility';

const SEE = 'An invisible record is an unknown customer, and would be created a second time';

/** Whether every record is seen among which customers are looked for. */
export function checkVisibility(settings: Settings, facts: OrgFacts, line: LineMaker): DoctorLine[] {
  const { organization, triedRecords, view } = facts;
  // Of an object that is not seen, no record is: that is told with its right.
  const hidden = Object.fromEntries(
    Object.entries(facts.hidden).filter(([sobject]) => view.schema.objects[sobject] !== undefined),
  );
  const needed = viewAllRights(settings, organization?.sharing ?? {});
  const lines = needed.map((right) => {
    const { sobject } = right.right as { sobject: string };
    const name = rightName(right.right);
    const isGranted = isSeenAll(facts, sobject);
    if (isGranted === true) return line.ok(name, `${SEE}. All are seen.`, 'permissionSets');
    if (isGranted === false || (hidden[sobject] ?? 0) > 0) {
      const found = (hidden[sobject] ?? 0) > 0 ? ` ${hidden[sobject]} records of earlier bookings are not seen.` : '';
      return line.failure(
        name,
        `${lackInWords({ ...right, isInvisible: false })}${found}`,
        `${GRANT_RIGHT} Or share the records with it.`,
        'sharing',
      );
    }
    const tried = triedRecords[sobject] ?? 0;
    return line.warning(
      name,
      `${sobject} records of others are private. ${SEE}. Whether the API user sees them all cannot be read with its rights; of earlier bookings it sees all ${tried} records that were tried.`,
      'Give the API user View All on the object, or share the records with it. Once you have done that, this line may stay: it goes where the API user may view the set-up.',
      'sharing',
    );
  });
  const open = searchedObjects(settings).filter(
    (sobject) => !needed.some(({ right }) => 'sobject' in right && right.sobject === sobject),
  );
  const hiddenOpen = open.filter((sobject) => (hidden[sobject] ?? 0) > 0);
  if (hiddenOpen.length > 0) {
    lines.push(
      line.failure(
        'records are seen',
        `${SEE}. Of earlier bookings the API user does not see ${hiddenOpen.map((sobject) => `${hidden[sobject]} of ${sobject}`).join(', ')}; they may have been deleted.`,
        'Look at one of them, and share such records with the API user if it is there.',
        'sharing',
      ),
    );
  } else if (open.length > 0) {
    const why =
      organization === null
        ? 'The org-wide defaults could not be read'
        : 'The org-wide defaults show them to everybody';
    lines.push(line.ok('records are seen', `${why}: ${open.join(', ')}.`, 'sharing'));
  }
  return lines;
}

/** True or false where it can be told, null where it cannot. */
function isSeenAll({ userPermissions, viewAll }: OrgFacts, sobject: string): boolean | null {
  if (userPermissions.isKnown && (userPermissions.value.ViewAllData || userPermissions.value.ModifyAllData))
    return true;
  return viewAll.isKnown ? viewAll.value.has(sobject) : null;
}

/** Whether records of others may be changed, where rules change such. */
export function checkChanges(settings: Settings, { organization }: OrgFacts, line: LineMaker): DoctorLine[] {
  const uses = useInAny(scopesOf(settings));
  const changed = MAPPED_OBJECTS.filter((object) => object !== 'Event' && uses[object].isChanged).map(sobjectOf);
  const readOnly = [...new Set(changed)].filter((sobject) => organization?.sharing[sobject] === 'Read');
  if (readOnly.length === 0) return [];
  return [
    line.warning(
      'records of others may be changed',
      `The settings let bookings change existing records, and ${readOnly.join(', ')} of others are read-only by the org-wide defaults.`,
      'Give the API user a role above their owners, or a sharing rule with write access.',
      'sharing',
    ),
  ];
}

/** Whether the Events of hosts may be changed, tried on real ones. */
export function checkEventsOfOthers(
  settings: Settings,
  { events, view, user }: OrgFacts,
  line: LineMaker,
): DoctorLine[] {
  const isWriting = scopesOf(settings).some(({ settings: { rules } }) => rules.event === 'write');
  // Without the right to edit Events at all none can be changed: that is told with the right.
  if (!isWriting || view.schema.objects['Event']?.updateable !== true) return [];
  const check = "edit hosts' Events";
  const { tried, editable } = events;
  const role = user?.roleId == null ? 'The API user has no role.' : 'The API user has a role.';
  const remedy =
    'Give the API user a role above those of all hosts; or share activities as "Controlled by Parent" (Setup, Sharing Settings), where the right to edit the related records is enough. Then try again.';
  if (tried === 0) {
    return [
      line.warning(
        check,
        `No Event of another owner is seen yet, so it could not be tried whether a move or cancel of a booking can be written. Where activities are private, only the owner of an Event and the roles above him may change it. ${role}`,
        `${remedy} Run this again after the first booking.`,
        'sharing',
      ),
    ];
  }
  if (editable === tried) return [line.ok(check, `All ${tried} newest Events of others may be changed.`, 'sharing')];
  return [
    line.failure(
      check,
      `${tried - editable} of the ${tried} newest Events of others may not be changed: a move or cancel of such a booking is refused. Activities are private there, and only the owner of an Event and the roles above him may change it. ${role}`,
      remedy,
      'roles',
    ),
  ];
}
