import type { Step } from '../booking/outcome';
import type { Candidate } from './candidate';
import { equallyGood } from './equally-good';
import type { Lookup } from './follow';
import { idOf } from './found-record';
import type { Directory, FoundRecord, Match } from './match-types';
import type { Sought } from './sought';

/** Who of the guests can be an invitee of the Event, and who is one already. */
export type GuestMatch = Pick<Match, 'guestIds' | 'invitedIds'>;

/**
 * The guests as users, Contacts or Leads, by e-mail. Nobody is created for a guest, and one who could be two records is
 * left out: an invitation to a stranger cannot be taken back.
 */
export function matchGuests(
  { settings, written }: Candidate,
  { guests }: Sought,
  { person, ownerId, event }: Pick<Match, 'person' | 'ownerId' | 'event'>,
  { users }: Directory,
  lookup: Lookup,
  steps: Step[],
): GuestMatch {
  if (guests.length === 0) return { guestIds: [], invitedIds: [] };
  const whoId = person.kind === 'found' ? person.whoId : null;
  const ids = guests
    .map((email) => users.get(email) ?? recordOf(email, settings.settings.rules.ambiguous, lookup))
    .filter((id) => id !== null)
    .filter((id) => id !== whoId && id !== ownerId);
  const guestIds = [...new Set(ids)];
  steps.push({ step: `guests: ${guests.length} by their e-mails`, outcome: guestIds.join(', ') || 'none' });
  return { guestIds, invitedIds: invitedTo(event, written?.eventId ?? null, lookup) };
}

function recordOf(email: string, ambiguous: 'park' | 'mostRecentlyModified', { index }: Lookup): string | null {
  for (const sobject of ['Contact', 'Lead'] as const) {
    const records = index
      .living(sobject, 'email', email)
      .filter((record) => record['IsConverted'] !== true)
      .map((record) => ({ recordId: idOf(record), record }));
    const chosen = equallyGood(records, ambiguous);
    if (chosen !== null) return chosen === 'ambiguous' ? null : chosen.recordId;
  }
  return null;
}

function invitedTo(event: FoundRecord | null, askedId: string | null, lookup: Lookup): string[] {
  if (event === null || event['IsDeleted'] === true) return [];
  if (lookup.org.schema.objects['EventRelation'] === undefined) return [];
  const id = idOf(event);
  const invited = lookup.index.invitees(id);
  if (invited === null && id !== askedId) lookup.miss('EventRelation', id);
  return invited ?? [];
}
