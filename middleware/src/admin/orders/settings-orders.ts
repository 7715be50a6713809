import { z } from 'zod';
import { settingsSchema } from '../../settings/settings';
import { exportSettings, importSettings } from '../admin';
import { nothing, order } from './order';

/** Orders about what the admin of a team decided. */
export const SETTINGS_ORDERS = {
  exportSettings: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({
        version: z.int().describe('0: nobody has decided anything yet.'),
        settings: settingsSchema,
      }),
      audited: null,
    },
    exportSettings,
  ),
  importSettings: order(
    {
      role: 'admin',
      args: z.strictObject({ document: z.unknown() }),
      answer: z.strictObject({ version: z.int() }),
      audited: [],
    },
    (deps, { document }, { name }) => importSettings(deps, { document, author: name }),
  ),
};
