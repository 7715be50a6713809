import { z } from 'zod';
import { readOpenNotices } from '../../notice/notice.store';
import { instant, nothing, order } from './order';

/** Orders about what an admin must be told. */
export const NOTICE_ORDERS = {
  listNotices: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({
        notices: z.array(
          z.strictObject({
            id: z.string(),
            key: z.string().describe('What it is about, kind first, such as "access:main".'),
            orgId: z.string().nullable(),
            severity: z.enum(['error', 'warning']),
            what: z.string(),
            remedy: z.string(),
            raisedAt: instant,
            endedAt: instant.nullable(),
          }),
        ),
      }),
      audited: null,
    },
    async ({ store }) => ({ notices: await readOpenNotices(store) }),
  ),
};
