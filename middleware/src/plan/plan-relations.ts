import { normalizeEmail } from '../customer/email';
import { isRecordId } from '../salesforce/record-id';
import type { RelationRow } from './plan';
import type { BookingInHand } from './planning';
import type { PlannedPerson } from './plan-person';

const CAMPAIGN_PREFIX = '701';

/** What shall be between the booking's records: guests as invitees, the person in the campaign. Pure. */
export function planRelations({ candidate, match, live, steps }: BookingInHand, person: PlannedPerson): RelationRow[] {
  const { booking, settings, written } = candidate;
  const { rules } = settings.settings;
  if (booking.state.status === 'Canceled') return [];
  const rows: RelationRow[] = [];
  if (rules.guests === 'invite') {
    const invited = new Set([...match.invitedIds, live?.['WhoId']]);
    for (const relationId of match.guestIds.filter((id) => !invited.has(id))) {
      rows.push({ kind: 'invitee', bookingId: booking.id, relationId });
    }
    steps.push({ step: 'guests', outcome: `${match.guestIds.length} found, ${rows.length} to be invited` });
  }
  const campaignId = campaignOf(candidate);
  if (rules.campaignMember !== null && campaignId !== null && written?.campaignId !== campaignId) {
    const isPerson = person.object !== null && person.object !== 'Opportunity';
    if (isPerson && !person.awaitsContact) {
      rows.push({ kind: 'campaignMember', bookingId: booking.id, campaignId, status: rules.campaignMember.status });
      steps.push({ step: 'campaign member', outcome: `of ${campaignId}` });
    }
  }
  return rows;
}

/** The campaign that a booking names by record id, in whichever of its campaign values; else the page's. */
export function campaignOf({ booking, settings }: BookingInHand['candidate']): string | null {
  const named = Object.values(booking.state.campaign ?? {}).find(
    (value) => value.startsWith(CAMPAIGN_PREFIX) && isRecordId(value),
  );
  return named ?? settings.settings.rules.campaignMember?.campaignId ?? null;
}

/** Whether guests are to be invited who were not among those of the last write. Pure. */
export function hasNewGuests({ booking, settings, written }: BookingInHand['candidate']): boolean {
  if (settings.settings.rules.guests !== 'invite') return false;
  const known = new Set(written?.guests ?? []);
  return guestsOf(booking).some((email) => !known.has(email));
}

/** The guests' addresses in the form that is compared. */
export function guestsOf({ state }: BookingInHand['candidate']['booking']): string[] {
  return (state.guests ?? []).map(({ email }) => normalizeEmail(email)).filter((email) => email !== null);
}
