import type { MappedObject } from './objects';
import { DEFAULT_SETTINGS } from './settings';
import { whenOf, type When } from './when';

const { rules } = DEFAULT_SETTINGS;

describe('whenOf', () => {
  it.each<[string, When | undefined, MappedObject, 'leave' | 'fillEmpty' | 'overwrite', When]>([
    ['leaves existing records when the rule says leave', undefined, 'Lead', 'leave', 'onCreate'],
    ['fills empty fields when the rule says so', undefined, 'Lead', 'fillEmpty', 'onlyIfEmpty'],
    ['overwrites when the rule says so', undefined, 'Lead', 'overwrite', 'always'],
    ['believes the row before the rule', 'onCreate', 'Lead', 'overwrite', 'onCreate'],
    ['believes the row before the rule that leaves', 'always', 'Lead', 'leave', 'always'],
    ['always writes an Event', undefined, 'Event', 'leave', 'always'],
    ['lets a row of an Event say otherwise', 'onCreate', 'Event', 'leave', 'onCreate'],
    ['looks at the rule of the object itself', undefined, 'Contact', 'overwrite', 'onCreate'],
  ])('%s', (_title, when, object, existing, expected) => {
    const row = when === undefined ? {} : { when };
    expect(whenOf(row, object, { existing: { ...rules.existing, Lead: existing } })).toBe(expected);
  });
});
