import { normalizeEmail } from '../customer/email';
import type { RecordLink } from '../customer/customer.store';
import type { Candidate } from '../match/candidate';
import type { Plan } from '../plan/plan';
import { answerOf, queryRequest, readRecords, type SalesforceRecord } from '../salesforce/composite';
import { select, soqlIn } from '../salesforce/soql';
import { sobjectOf, type CustomerObject } from '../settings/objects';
import { isRecordId } from '../salesforce/record-id';
import type { Results } from './settle';
import type { ReconcileDeps } from './turn-deps';

/**
 * The records to go on with where a duplicate rule of the org refused a new person: one that the rule named, of an
 * object that the rules look in, with the customer's e-mail; none where two fit. One further call, and only then.
 *
 * @returns the candidates that go on, each with its adopted record.
 */
export async function adoptDuplicates(
  plan: Plan,
  results: Results,
  candidates: Candidate[],
  { session }: ReconcileDeps,
): Promise<Candidate[]> {
  const refused = plan.records.flatMap((row) => {
    const result = results.get(row);
    const named = result?.success === false ? result.errors.flatMap(({ duplicateIds }) => duplicateIds ?? []) : [];
    return row.part === 'person' && row.recordId === null && named.length > 0 ? [{ row, named }] : [];
  });
  if (refused.length === 0) return [];
  const { schema } = await session.view();
  const ids = (sobject: string): string[] =>
    refused.flatMap(({ named }) =>
      named.filter((one) => one.sobject === sobject && isRecordId(one.id)).map(({ id }) => id),
    );
  const sobjects = ['Lead', 'Contact', 'Account'].filter((sobject) => ids(sobject).length > 0);
  const asked = sobjects.filter((sobject) => schema.objects[sobject]?.fields[emailField(sobject)] !== undefined);
  if (asked.length === 0) return [];
  const answers = await session.connection.composite(
    asked.map((sobject) =>
      queryRequest(sobject, select(['Id', emailField(sobject)], sobject, soqlIn('Id', ids(sobject)))),
    ),
    'read',
  );
  const found = new Map(
    asked.flatMap((sobject) => readRecords(answerOf(answers, sobject)).map((record) => [String(record['Id']), record])),
  );
  return refused.flatMap(({ row, named }) =>
    candidates
      .filter(({ booking }) => row.bookingIds.includes(booking.id))
      .flatMap((candidate) => {
        const adopted = adoptedBy(candidate, named, found);
        return adopted === null ? [] : [{ ...candidate, adopted }];
      }),
  );
}

/** The one record that a duplicate rule named and that is the customer by the rules' search order and his e-mail. Pure. */
export function adoptedBy(
  { booking, settings }: Pick<Candidate, 'booking' | 'settings'>,
  named: { sobject: string; id: string }[],
  found: ReadonlyMap<string, SalesforceRecord>,
): RecordLink | null {
  const email = normalizeEmail(booking.state.customer?.email ?? null);
  const fitting = settings.settings.rules.searchOrder.flatMap((object) =>
    named
      .filter(({ sobject, id }) => sobject === sobjectOf(object) && email !== null && emailOf(found.get(id)) === email)
      .map(({ id }) => ({ sobject: object satisfies CustomerObject, recordId: id })),
  );
  const distinct = [...new Map(fitting.map((link) => [link.recordId, link])).values()];
  return distinct.length === 1 ? (distinct[0] ?? null) : null;
}

function emailField(sobject: string): string {
  return sobject === 'Account' ? 'PersonEmail' : 'Email';
}

function emailOf(record: SalesforceRecord | undefined): string | null {
  const email = record?.['Email'] ?? record?.['PersonEmail'];
  return typeof email === 'string' ? normalizeEmail(email) : null;
}
