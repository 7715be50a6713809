import type { Draft } from '../draft';
import { isChanged, valueOf } from '../draft';
import { RowError } from '../row-error';

/**
 * With state and country picklists on, a state needs its country in the same address. They are on for the whole org by its
 * settings, or for an object that has the code fields.
 */
export function checkAddresses(draft: Draft): void {
  const { object, context } = draft;
  for (const field of object.fields) {
    const prefix = /^(.*)State$/.exec(field.name)?.[1];
    if (prefix === undefined || !object.field(`${prefix}Country`)) continue;
    const isOn = context.org.settings.stateAndCountryPicklists || object.field(`${prefix}StateCode`) !== undefined;
    if (!isOn || !isChanged(draft, field.name)) continue;
    const country = valueOf(draft, `${prefix}Country`) ?? valueOf(draft, `${prefix}CountryCode`);
    if (valueOf(draft, field.name) === null || country !== null) continue;
    throw new RowError(
      'FIELD_INTEGRITY_EXCEPTION',
      `A country/territory must be specified before specifying a state value for field: ${field.label}`,
      [field.name],
    );
  }
}
