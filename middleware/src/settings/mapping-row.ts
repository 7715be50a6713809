import { z } from 'zod';

/** When a mapping row writes. */
export const WHEN = ['always', 'onlyIfEmpty', 'onCreate'] as const;
/** What becomes of a value that does not fit its field. */
export const BAD_VALUE = ['leaveOut', 'placeholder', 'park'] as const;

export const fieldName = z
  .string()
  .min(1)
  .max(80)
  .describe("API name of the Salesforce field, without the package's namespace.");

export const mappingRowSchema = z
  .strictObject({
    field: fieldName,
    from: z.string().min(1).optional().describe('A value of the booking, such as customer.company or answers.budget.'),
    text: z.string().optional().describe('A fixed text; {page.name} and the like are replaced by values.'),
    when: z
      .enum(WHEN)
      .optional()
      .describe(
        'always, onlyIfEmpty or onCreate. Left out: as the rule for existing records of the object says; on Event always.',
      ),
    cut: z
      .boolean()
      .default(false)
      .describe('Cut text at the length of the field. Otherwise text that is too long does not fit.'),
    ifBad: z
      .enum(BAD_VALUE)
      .optional()
      .describe('What becomes of a value that does not fit the field. Left out: as the rule badValue says.'),
  })
  .refine(({ from, text }) => (from === undefined) !== (text === undefined), 'Give either "from" or "text".')
  .meta({ id: 'MappingRow' });

/** Where the value of one field comes from. Several rows may name one field: the first that has a value counts. */
export type MappingRow = z.infer<typeof mappingRowSchema>;
