import type { Settlement } from '../booking/booking.store';
import type { PartOutcome, Written } from '../booking/outcome';
import type { Candidate } from '../match/candidate';
import { guestsOf } from '../match/sought';
import { campaignOf } from '../plan/plan-relations';
import type { RelationRow } from '../plan/plan';
import {
  answerOf,
  createRows,
  MAX_QUERY_OR_COLLECTION,
  MAX_ROWS,
  readRows,
  type RowResult,
  type TypedRow,
} from '../salesforce/composite';
import type { OrgView } from '../salesforce/org-view';
import { looksOf, outcomeOf, retryDelayMs } from './settle';
import { UNTRIED, type ReconcileDeps, type Tried } from './turn-deps';

/** A relation with the row that makes it. */
interface RelationToWrite {
  relation: RelationRow;
  row: TypedRow;
}

type RelationResults = ReadonlyMap<RelationRow, RowResult | undefined>;

/**
 * Writes what is between a booking's records, now that their ids are known: one further call, and only where there is
 * something. Being there already is as good as being made.
 *
 * @param tried what became of the bookings so far, by id.
 * @returns the settlements with the outcome of their part `relations`.
 */
export async function writeRelations(
  relations: RelationRow[],
  candidates: Candidate[],
  settlements: Settlement[],
  tried: ReadonlyMap<string, Tried>,
  org: OrgView,
  deps: ReconcileDeps,
): Promise<Settlement[]> {
  const toWrite = relationsToWrite(relations, settlements, org);
  if (toWrite.length === 0) return settlements;
  const results = await createAll(toWrite, deps);
  const candidateOf = new Map(candidates.map((candidate) => [candidate.booking.id, candidate]));
  return settlements.map((settlement) => {
    const candidate = candidateOf.get(settlement.bookingId);
    const own = toWrite.map(({ relation }) => relation).filter(({ bookingId }) => bookingId === settlement.bookingId);
    if (own.length === 0 || candidate === undefined) return settlement;
    const before = tried.get(settlement.bookingId) ?? UNTRIED;
    return settleRelations(settlement, own, results, candidate, { before, now: deps.now(), random: deps.random });
  });
}

/** Those whose Event and person are written, with their rows. Pure. */
export function relationsToWrite(relations: RelationRow[], settlements: Settlement[], org: OrgView): RelationToWrite[] {
  const byBooking = new Map(settlements.map(({ bookingId, written }) => [bookingId, written]));
  return relations.flatMap((relation) => {
    const row = rowOf(relation, byBooking.get(relation.bookingId) ?? null, org);
    return row === null ? [] : [{ relation, row }];
  });
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
  const who = memberOf(written);
  if (who === null) return null;
  const status = relation.status === null ? {} : { Status: relation.status };
  return { attributes: { type: 'CampaignMember' }, CampaignId: relation.campaignId, ...who, ...status };
}

/** The person as a campaign takes it. The Event of a related record may tell of no Lead, and yet there is one. */
function memberOf({ person, whoId }: Written): { LeadId: string } | { ContactId: string } | null {
  if (person?.sobject === 'Lead') return { LeadId: person.recordId };
  if (person?.sobject === 'Contact') return { ContactId: person.recordId };
  if (whoId === null) return null;
  return whoId.startsWith('00Q') ? { LeadId: whoId } : { ContactId: whoId };
}

async function createAll(
  toWrite: RelationToWrite[],
  { session, beforeWrite, callsLeft }: Pick<ReconcileDeps, 'session' | 'beforeWrite' | 'callsLeft'>,
): Promise<RelationResults> {
  const collections = ['EventRelation', 'CampaignMember'].flatMap((sobject) =>
    inSlices(
      toWrite.filter(({ row }) => row.attributes.type === sobject),
      MAX_ROWS,
    ).map((some, index) => ({ name: `${sobject}${index}`, some })),
  );
  const results = new Map<RelationRow, RowResult | undefined>();
  for (const call of inSlices(collections, MAX_QUERY_OR_COLLECTION)) {
    // Without a result each of them waits for the next turn.
    if (callsLeft() <= 0) break;
    await beforeWrite();
    const requests = call.map(({ name, some }) =>
      createRows(
        name,
        some.map(({ row }) => row),
      ),
    );
    const answers = await session.connection.composite(requests, 'write');
    for (const { name, some } of call) {
      const read = readRows(answerOf(answers, name), some.length);
      some.forEach(({ relation }, index) => results.set(relation, read[index]));
    }
  }
  return results;
}

function inSlices<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** A settlement with what came of its relations: the worst of them counts. Pure. */
export function settleRelations(
  settlement: Settlement,
  relations: RelationRow[],
  results: RelationResults,
  candidate: Candidate,
  { before, now, random }: { before: Tried; now: Date; random: () => number },
): Settlement {
  const outcomes = relations.map((relation) => relationOutcome(relation, results.get(relation), before));
  const worst =
    outcomes.find(({ state }) => state === 'parked') ??
    outcomes.find(({ state }) => state === 'waiting') ??
    outcomes[0];
  if (worst === undefined) return settlement;
  const parts = { ...settlement.parts, relations: worst };
  if (worst.state === 'waiting' && settlement.dueAt === null) {
    const delayMs = looksOf(parts) === 1 ? 0 : retryDelayMs(before.attempts, random);
    return { ...settlement, parts, dueAt: new Date(now.getTime() + delayMs), attempts: before.attempts + 1 };
  }
  if (worst.state !== 'written' || settlement.written === null) return { ...settlement, parts };
  const has = (kind: RelationRow['kind']): boolean => relations.some((relation) => relation.kind === kind);
  const written: Written = {
    ...settlement.written,
    ...(has('campaignMember') ? { campaignId: campaignOf(candidate) } : {}),
    ...(has('invitee') ? { guests: guestsOf(candidate) } : {}),
  };
  return { ...settlement, parts, written };
}

function relationOutcome({ kind }: RelationRow, result: RowResult | undefined, { looks }: Tried): PartOutcome {
  const sobject = kind === 'invitee' ? 'EventRelation' : 'CampaignMember';
  if (result !== undefined && isThere(result))
    return { state: 'written', sobject, recordId: result.success ? result.id : '' };
  return outcomeOf(result, sobject, looks);
}

function isThere(result: RowResult): boolean {
  return result.success || result.errors.some(({ code }) => code === 'DUPLICATE_VALUE');
}
