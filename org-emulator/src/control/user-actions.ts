import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { convertLead } from '../dml/convert-lead';
import { mergeRecords } from '../dml/merge-records';
import { RowError } from '../dml/row-error';
import { emptyBin, undeleteRow } from '../dml/undelete';
import type { WriteContext } from '../dml/write-context';
import { normaliseId } from '../records/record-id';
import type { EmulatedOrg } from '../server/emulated-org';

const id = z.string().transform((text, context) => {
  const normalised = normaliseId(text);
  if (normalised !== null) return normalised;
  context.addIssue({ code: 'custom', message: `not a record id: ${text}` });
  return z.NEVER;
});
const convertInput = z.strictObject({
  leadId: id,
  accountId: id.optional(),
  contactId: id.optional(),
  opportunityName: z.string().optional(),
  ownerId: id.optional(),
  userId: id.optional(),
});
const mergeInput = z.strictObject({ masterId: id, loserIds: z.array(id).min(1).max(2), userId: id.optional() });
const undeleteInput = z.strictObject({ ids: z.array(id).min(1), userId: id.optional() });
const signOutInput = z.strictObject({ userId: id.optional() });
const emptyBinInput = z.strictObject({ id: id.optional() });

/**
 * What users do in the browser and the REST API cannot: convert a lead, merge, undelete, empty the bin, done by the
 * administrator or by the user that `userId` names; end the sessions of a user or of all, revoke what they allowed apps.
 */
export function userActions(emulated: EmulatedOrg): Router {
  const { org } = emulated;
  const router = Router();
  const act = (path: string, action: (body: unknown) => unknown): void => {
    router.post(path, (req: Request, res: Response) => {
      try {
        const answer = action(req.body ?? {});
        if (answer === undefined) res.status(204).end();
        else res.json(answer);
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        res.status(400).json({ error: error.code, message: error.message });
      }
    });
  };
  const contextOf = (userId = org.ids.administratorId): WriteContext => ({
    org,
    userId,
    access: org.access(userId),
    apiVersion: 'v67.0',
    autoAssign: false,
    duplicateRules: { allowSave: true, includeRecordDetails: false, runAsCurrentUser: false },
  });

  act('/convert-lead', (body) => {
    const { userId, ...conversion } = convertInput.parse(body);
    return convertLead(contextOf(userId), conversion);
  });
  act('/merge', (body) => {
    const { masterId, loserIds, userId } = mergeInput.parse(body);
    mergeRecords(contextOf(userId), masterId, loserIds);
  });
  act('/undelete', (body) => {
    const { ids, userId } = undeleteInput.parse(body);
    for (const record of ids) undeleteRow(contextOf(userId), record);
  });
  act('/end-sessions', (body) => {
    emulated.sessions.endSessionsOf(signOutInput.parse(body).userId);
  });
  act('/revoke-tokens', (body) => {
    emulated.sessions.revokeAllOf(signOutInput.parse(body).userId);
  });
  act('/empty-bin', (body) => ({ removed: emptyBin(contextOf(), emptyBinInput.parse(body).id) }));
  return router;
}
