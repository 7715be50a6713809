import { z } from 'zod';
import { ENVIRONMENTS } from '../../sync/environment';

/** What tells an org from others, in the answers of orders. */
export const named = {
  environment: z.enum(ENVIRONMENTS).describe('developer: a developer or trial org. emulator: an org on this machine.'),
  name: z.string().describe('As Salesforce has it; the host of its address before that was asked.'),
};
