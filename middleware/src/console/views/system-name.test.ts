import { kinds, OWN_MAPPING } from '../../source/kinds';
import { systemName } from './system-name';

it.each([...kinds.keys(), OWN_MAPPING])('has a name for %s', (kind) => {
  expect(systemName(kind)).not.toBe(kind);
});
