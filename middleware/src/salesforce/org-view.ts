import type { FieldNames } from './field-names';
import type { OrgSchema } from './schema';

/** An org as far as decisions must know it. */
export interface OrgView {
  schema: OrgSchema;
  names: FieldNames;
}
