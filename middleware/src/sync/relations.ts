import type { Settlement } from '../booking/booking.store';
import type { PartOutcome, Written } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { campaignOf, guestsOf } from '../plan/plan-relations';
import type { RelationRow } from '../plan/plan';
import { answerOf, createRows, readRows, type RowResult, type TypedRow } from '../salesforce/composite';
import type { OrgView } from '../salesforce/org-view';
import { looksOf, outcomeOf, retryDelayMs } from './settle';
import { UNTRIED, type ReconcileDeps, type Tried } from './turn-deps';

/**
 * Writes what is between a booking's records, now that their ids are known: one further call, and only where there is
 * something. Being there already is as good as being made.
 *
 * @returns the settlements with the outcome of their part `relations`.
 */
export async function writeRelations(
  relations: RelationRow[],
  candidates: Candidate[],
  settlements: Settlement[],
  tried: ReadonlyMap<string, Tried>,
  org: OrgView,
  { session, assertHeld, callsLeft, now, random }: ReconcileDeps,
): Promise<Settlement[]> {
  const byBooking = new Map(settlements.map((settlement) => [settlement.bookingId, settlement]));
  const rows = relations.flatMap((relation) => {
    const row = rowOf(relation, byBooking.get(relation.bookingId)?.written ?? null, org);
    return row === null ? [] : [{ relation, row }];
  });
  const groups = (['EventRelation', 'CampaignMember'] as const)
    .map((sobject) => ({ sobject, rows: rows.filter(({ row }) => row.attributes.type === sobject).slice(0, 200) }))
    .filter((group) => group.rows.length > 0);
  // Without a result each of them waits for the next turn.
  const results = groups.length > 0 && callsLeft() > 0 ? await send(groups) : new Map<RelationRow, RowResult>();
  // What was refused for now is tried again: the other parts may have nothing left to do.
  const due = (settlement: Settlement): Settlement => {
    const { relations: part } = settlement.parts;
    if (settlement.dueAt !== null || part?.state !== 'waiting' || !part.isRetried) return settlement;
    const { attempts } = tried.get(settlement.bookingId) ?? UNTRIED;
    const delayMs = looksOf(settlement.parts) === 1 ? 0 : retryDelayMs(attempts, random);
    return { ...settlement, dueAt: new Date(now().getTime() + delayMs), attempts: attempts + 1 };
  };
  const candidateOf = new Map(candidates.map((candidate) => [candidate.booking.id, candidate]));
  return settlements.map((settlement) => {
    // One without a row waits for its Event, whose part says why.
    const own = rows.map(({ relation }) => relation).filter(({ bookingId }) => bookingId === settlement.bookingId);
    const candidate = candidateOf.get(settlement.bookingId);
    return own.length === 0 || candidate === undefined
      ? settlement
      : due(withRelations(settlement, own, results, candidate, tried.get(settlement.bookingId) ?? UNTRIED));
  });

  async function send(some: typeof groups): Promise<Map<RelationRow, RowResult>> {
    assertHeld();
    const answers = await session.connection.composite(
      some.map((group) =>
        createRows(
          group.sobject,
          group.rows.map(({ row }) => row),
        ),
      ),
      'write',
    );
    return new Map(
      some.flatMap((group) => {
        const read = readRows(answerOf(answers, group.sobject), group.rows.length);
        return group.rows.flatMap(({ relation }, index) => {
          const result = read[index];
          return result === undefined ? [] : [[relation, result] as const];
        });
      }),
    );
  }
}

function rowOf(relation: RelationRow, written: Written | null, { schema }: OrgView): TypedRow | null {
  if (written === null) return null;
  if (relation.kind === 'invitee') {
    if (relation.relationId === written.whoId) return null;
    return {
      attributes: { type: 'EventRelation' },
      EventId: written.eventId,
      RelationId: relation.relationId,
      // Only where activities are shared does a relation say which of several kinds it is.
      ...(schema.objects['EventRelation']?.fields['IsInvitee']?.createable === true ? { IsInvitee: true } : {}),
    };
  }
  if (written.whoId === null) return null;
  const who = written.whoId.startsWith('00Q') ? { LeadId: written.whoId } : { ContactId: written.whoId };
  const status = relation.status === null ? {} : { Status: relation.status };
  return { attributes: { type: 'CampaignMember' }, CampaignId: relation.campaignId, ...who, ...status };
}

function withRelations(
  settlement: Settlement,
  relations: RelationRow[],
  results: ReadonlyMap<RelationRow, RowResult>,
  candidate: Candidate,
  { looks }: Tried,
): Settlement {
  const outcomes = relations.map((relation): PartOutcome => {
    const result = results.get(relation);
    const sobject = relation.kind === 'invitee' ? 'EventRelation' : 'CampaignMember';
    if (result !== undefined && isThere(result)) return { state: 'written', sobject, recordId: '' };
    return outcomeOf(result, sobject, looks);
  });
  const worst =
    outcomes.find(({ state }) => state === 'parked') ??
    outcomes.find(({ state }) => state === 'waiting') ??
    outcomes.find(({ state }) => state === 'written');
  if (worst === undefined) return settlement;
  const isDone = worst.state === 'written';
  const { written } = settlement;
  return {
    ...settlement,
    parts: { ...settlement.parts, relations: worst },
    written:
      written === null || !isDone
        ? written
        : { ...written, campaignId: campaignOf(candidate), guests: guestsOf(candidate.booking) },
  };
}

function isThere(result: RowResult): boolean {
  return result.success || result.errors.some(({ code }) => code === 'DUPLICATE_VALUE');
}
