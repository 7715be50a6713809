import type { MappingRow, WHEN } from './mapping-row';
import type { MappedObject } from './objects';
import type { Rules } from './rules';

/** When a mapping row writes. */
export type When = (typeof WHEN)[number];

const BY_RULE: Readonly<Record<Rules['existing'][keyof Rules['existing']], When>> = {
  leave: 'onCreate',
  fillEmpty: 'onlyIfEmpty',
  overwrite: 'always',
};

/**
 * When a row of an object writes: as the row says, else as the rule for existing records of the object says. An Event
 * is ours, so its rows write always. Pure.
 */
export function whenOf(row: Pick<MappingRow, 'when'>, object: MappedObject, rules: Pick<Rules, 'existing'>): When {
  return row.when ?? (object === 'Event' ? 'always' : BY_RULE[rules.existing[object]]);
}
