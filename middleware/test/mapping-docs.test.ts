import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSupportedType } from '../src/salesforce/convert';
import { DEFAULT_MAPPINGS } from '../src/settings/default-mappings';
import { BAD_VALUE, WHEN } from '../src/settings/mapping-row';
import { EXISTING } from '../src/settings/rules';
import { OWN_FIELDS } from '../src/settings/own-fields';
import { DEFAULT_PLACEHOLDERS, placeholderKind } from '../src/settings/placeholders';
import { VALUE_NAMES } from '../src/settings/value-names';

const doc = readFileSync(join(__dirname, '../../docs/mapping.md'), 'utf8');

/** The rows of the table below a heading, each as its cells. */
function tableUnder(heading: string): string[][] {
  const section = doc.split(/^## /m).find((text) => text.startsWith(heading));
  if (section === undefined) throw new Error(`docs/mapping.md has no heading "${heading}".`);
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const quoted = (text = ''): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** Every type that describe knows. */
const TYPES = [
  ...['string', 'textarea', 'phone', 'url', 'combobox', 'picklist', 'email', 'reference', 'encryptedstring'],
  ...['int', 'double', 'currency', 'percent', 'multipicklist', 'boolean', 'date', 'datetime', 'time'],
  ...['id', 'base64', 'address', 'location', 'anyType', 'complexvalue', 'long', 'json'],
];

describe('docs/mapping.md', () => {
  const values = tableUnder('The values of a booking');

  it('lists every value of a booking, and no other', () => {
    expect(values.flatMap(([name]) => quoted(name)).sort()).toEqual(VALUE_NAMES.map(({ name }) => name).sort());
  });

  it('gives each an example', () => {
    for (const { name, example } of VALUE_NAMES) {
      const row = values.find(([cell]) => quoted(cell)[0] === name);
      expect(`${name}: ${row?.[2]}`).toBe(`${name}: ${[example].flat().join(', ')}`);
    }
  });

  it.each(Object.entries(DEFAULT_MAPPINGS))(
    'tells where each default row of %s takes its value from',
    (object, rows) => {
      for (const { field, from, text } of rows) {
        if (from === undefined) {
          expect(doc).toContain(`${object} \`${field}\` gets \`${text}\``);
          continue;
        }
        const row = values.find(([cell]) => quoted(cell)[0] === from.replace(/^(campaign|answers)\..*/, '$1.<key>'));
        expect(`${from}: ${row?.[3]}`).toContain(`${object} \`${field}\``);
      }
    },
  );

  it('names no default that there is not', () => {
    const known = Object.entries(DEFAULT_MAPPINGS).flatMap(([object, rows]) =>
      rows.map(({ field }) => `${object} ${field}`),
    );
    const told = values.flatMap(([, , , targets = '']) =>
      [...targets.matchAll(/(\w+) `(\w+)`/g)].map(([, object, field]) => `${object} ${field}`),
    );
    expect(told.length).toBeGreaterThan(25);
    expect(told.filter((target) => !known.includes(target))).toEqual([]);
  });

  it('says what a value becomes in a field of every type that can be written, and of no other', () => {
    const told = tableUnder('What a value becomes').flatMap(([types]) => quoted(types));
    expect(told.sort()).toEqual(TYPES.filter(isSupportedType).sort());
  });

  it('tells every placeholder, its types and its default', () => {
    const rows = tableUnder('Placeholders');
    expect(rows.map(([name]) => quoted(name)[0]).sort()).toEqual(Object.keys(DEFAULT_PLACEHOLDERS).sort());
    for (const [name, types, text] of rows) {
      const kind = quoted(name)[0] as keyof typeof DEFAULT_PLACEHOLDERS;
      expect(text).toBe(DEFAULT_PLACEHOLDERS[kind]);
      const ofKind = TYPES.filter((type) => placeholderKind({ name: 'Any__c', type }) === kind);
      if (kind !== 'geolocation') expect(quoted(types).sort()).toEqual(ofKind.sort());
    }
  });

  it.each([
    ['When a row writes', WHEN],
    ['When a value does not fit', BAD_VALUE],
  ])('explains every choice of "%s"', (heading, choices) => {
    expect(
      tableUnder(heading)
        .flatMap(([choice]) => quoted(choice))
        .filter((name) => name !== 'ifBad'),
    ).toEqual([...choices]);
  });

  it('explains every rule for existing records, and what no row may write', () => {
    for (const name of [...EXISTING, ...new Set(Object.values(OWN_FIELDS).flat())].filter(
      (one) =>
        !/^(StartDateTime|EndDateTime|DurationInMinutes|IsAllDayEvent|ActivityDate|ActivityDateTime|EndDate)$/.test(
          one,
        ),
    ))
      expect(doc).toContain(`\`${name}\``);
  });
});
