import type { MappingRow } from './mapping-row';
import type { MappedObject } from './objects';
import type { Rules } from './rules';

const BY_RULE = { leave: 'onCreate', fillEmpty: 'onlyIfEmpty', overwrite: 'always' } as const;

/** When a row writes: as it says itself, else as the rule for existing records of its object says; on Event always. Pure. */
export function whenOf(
  { when }: Pick<MappingRow, 'when'>,
  object: MappedObject,
  rules: Pick<Rules, 'existing'>,
): 'always' | 'onlyIfEmpty' | 'onCreate' {
  return when ?? (object === 'Event' ? 'always' : BY_RULE[rules.existing[object]]);
}
