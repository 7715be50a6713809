import { findValueName, namesInText } from './value-names';
import type { MappingRow } from './mapping-row';
import type { PageSettings } from './page-settings';
import type { RequiredField } from './required-field';

/** What gives a required field its value. */
export interface Coverage {
  by: 'connector' | 'mapping' | 'chosen' | 'placeholder' | 'nothing';
  /** Bookings without a value are possible, and wait for a human. */
  mayBeEmpty: boolean;
}

/**
 * Values that every booking has. An e-mail address stands in for a missing last name; a customer with neither is nobody
 * who could be written at all.
 */
const ALWAYS_THERE = new Set([
  'source.id',
  'booking.id',
  'booking.status',
  'booking.startsAt',
  'booking.startDate',
  'booking.endsAt',
  'booking.durationMinutes',
  'booking.allDay',
  'customer.lastName',
]);

/** What gives a required field its value under some settings; the surest counts. Pure. */
export function coverageOf(
  required: RequiredField,
  { mappings, required: chosen, rules }: Pick<PageSettings, 'mappings' | 'required' | 'rules'>,
): Coverage {
  if (required.isOwn) return { by: 'connector', mayBeEmpty: false };
  if (!required.isSupported) return { by: 'nothing', mayBeEmpty: true };
  const rows = mappings[required.object].filter((row) => row.field === required.field || row.field === required.name);
  if (rows.some(isNeverEmpty)) return { by: 'mapping', mayBeEmpty: false };
  const values = chosen[required.object] ?? {};
  if (Object.hasOwn(values, required.field)) return { by: 'chosen', mayBeEmpty: false };
  if (rules.missingRequired === 'placeholder' && required.placeholder !== null) {
    return { by: 'placeholder', mayBeEmpty: false };
  }
  if (rows.some((row) => canHaveValue(row))) return { by: 'mapping', mayBeEmpty: true };
  return { by: 'nothing', mayBeEmpty: true };
}

function isNeverEmpty({ from, text }: MappingRow): boolean {
  if (from !== undefined) return ALWAYS_THERE.has(from);
  if (text === undefined || text.trim() === '') return false;
  const places = namesInText(text);
  const literal = text.replace(/\{[^{}]+\}/g, '').trim();
  return literal !== '' || places.some((name) => ALWAYS_THERE.has(name));
}

function canHaveValue({ from, text }: MappingRow): boolean {
  if (from !== undefined) return findValueName(from) !== null;
  return namesInText(text ?? '').some((name) => findValueName(name) !== null);
}
