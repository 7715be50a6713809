import type { RowError } from '../dml/row-error';

/** Why a row failed, as the results of a bulk job say it: `CODE:message:Field,Field --`. */
export function rowErrorText({ code, message, fields }: RowError): string {
  return `${code}:${message}:${fields.length > 0 ? `${fields.join(',')} ` : ''}--`;
}
