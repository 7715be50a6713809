import type { PartOutcome, Written } from '../booking/outcome';
import { guestsOf } from '../match/sought';
import { isRecordId } from '../salesforce/record-id';
import type { LackedRight } from '../settings/right';
import { isBlinding, lackedOfPage, parkedForRights } from './lacked';
import type { RelationRow } from './plan';
import type { BookingInHand, PlanContext } from './planning';
import type { PlannedPerson } from './plan-person';

const CAMPAIGN_PREFIX = '701';

/** What shall be between a booking's records. */
export interface PlannedRelations {
  rows: RelationRow[];
  /** What needs no row, and so is as good as done. */
  done: Pick<Written, 'guests' | 'campaignId'>;
  /** They wait for a right; null when there is nothing in their way. */
  outcome: PartOutcome | null;
}

/** Guests as invitees, the person in the campaign. A canceled booking gets neither. Pure. */
export function planRelations(
  inHand: BookingInHand,
  person: PlannedPerson,
  { org }: Pick<PlanContext, 'org'>,
): PlannedRelations {
  const planned: PlannedRelations = { rows: [], done: {}, outcome: null };
  const { candidate } = inHand;
  if (candidate.booking.state.status === 'Canceled') return planned;
  planned.outcome = parkedForRights(lackedOf(candidate, org));
  if (planned.outcome !== null) return planned;
  planInvitees(inHand, planned);
  planCampaignMember(inHand, person, planned);
  return planned;
}

/** What is lacking to look for guests, where the booking has some, and to add to a campaign, where it names one. */
function lackedOf(candidate: BookingInHand['candidate'], org: PlanContext['org']): LackedRight[] {
  const { settings } = candidate.settings;
  const isOfCampaign = ({ right }: LackedRight): boolean => right.kind === 'object' && right.sobject === 'Campaign';
  const hasGuests = guestsOf(candidate).length > 0;
  const hasCampaign = settings.rules.campaignMember !== null && campaignOf(candidate) !== null;
  return lackedOfPage(settings, org).filter((lack) =>
    isOfCampaign(lack) ? hasCampaign : hasGuests && lack.parts.includes('relations') && isBlinding(lack),
  );
}

function planInvitees({ candidate, match, live, steps }: BookingInHand, { rows, done }: PlannedRelations): void {
  const { booking, settings } = candidate;
  if (settings.settings.rules.guests !== 'invite') return;
  const invited = new Set([...match.invitedIds, live?.['WhoId']]);
  const ids = match.guestIds.filter((id) => !invited.has(id));
  rows.push(...ids.map((relationId) => ({ kind: 'invitee', bookingId: booking.id, relationId }) as const));
  if (ids.length === 0) done.guests = guestsOf(candidate);
  steps.push({ step: 'guests', outcome: `${match.guestIds.length} found, ${ids.length} to be invited` });
}

function planCampaignMember(
  { candidate, steps }: BookingInHand,
  person: PlannedPerson,
  { rows, done }: PlannedRelations,
): void {
  const { booking, settings, written } = candidate;
  const { campaignMember } = settings.settings.rules;
  const campaignId = campaignOf(candidate);
  if (campaignMember === null || campaignId === null || written?.campaignId === campaignId) return;
  // Its contact is known in the next turn.
  if (person.awaitsContact) return;
  const step = `member of the campaign ${campaignId}`;
  if (person.object === null || person.object === 'Opportunity') {
    done.campaignId = campaignId;
    steps.push({ step, outcome: `left out: ${person.object ?? 'nobody'} cannot be one` });
    return;
  }
  rows.push({ kind: 'campaignMember', bookingId: booking.id, campaignId, status: campaignMember.status });
  steps.push({ step, outcome: `the ${person.object}` });
}

/** The campaign that a booking names by record id, in whichever of its campaign values; else the page's. */
export function campaignOf({ booking, settings }: BookingInHand['candidate']): string | null {
  const named = Object.values(booking.state.campaign ?? {}).find(
    (value) => value.startsWith(CAMPAIGN_PREFIX) && isRecordId(value),
  );
  return named ?? settings.settings.rules.campaignMember?.campaignId ?? null;
}

/** Whether guests are to be invited who were not among those of the last write. Pure. */
export function hasNewGuests(candidate: BookingInHand['candidate']): boolean {
  const known = new Set(candidate.written?.guests ?? []);
  return candidate.booking.state.status !== 'Canceled' && guestsOf(candidate).some((email) => !known.has(email));
}
