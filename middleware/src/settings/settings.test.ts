import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_MAPPINGS } from './default-mappings';
import { settingsJsonSchema } from './json-schema';
import { MAPPED_OBJECTS } from './objects';
import { DEFAULT_SETTINGS, InvalidSettingsError, parseSettings } from './settings';

const ROOT = join(__dirname, '../../..');

type Loose = Record<string, Record<string, unknown>>;

/** A copy of the default document, spoilt in one place. */
function spoilt(spoil: (document: Loose) => void): Loose {
  const document = structuredClone(DEFAULT_SETTINGS) as unknown as Loose;
  spoil(document);
  return document;
}

function problemsOf(document: unknown): { field: string; error: string }[] {
  try {
    parseSettings(document);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.problems;
    throw error;
  }
}

const fieldsOf = (document: unknown) => problemsOf(document).map(({ field }) => field);

/** As the first version of the connector wrote it. */
const FIRST_VERSION = {
  rules: { unknownCustomer: 'Contact', searchOrder: ['Contact'], ambiguous: 'park', fallbackOwner: 'a@example.com' },
  mappings: {
    Lead: [{ field: 'LastName', from: 'customer.lastName', when: 'onCreate', cut: true }],
    Contact: [{ field: 'LastName', from: 'customer.lastName', when: 'onCreate', cut: true }],
    Event: [{ field: 'Subject', from: 'booking.subject', when: 'always', cut: true }],
  },
  required: { Lead: { Company: { text: 'Unspecified' } } },
};

describe('parseSettings', () => {
  it('takes the defaults as they are, also through JSON', () => {
    expect(parseSettings(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
    expect(parseSettings(JSON.parse(JSON.stringify(DEFAULT_SETTINGS)))).toEqual(DEFAULT_SETTINGS);
  });

  it('takes a document of the first version, and gives what it does not say its default', () => {
    const settings = parseSettings(FIRST_VERSION);
    expect(settings).toMatchObject(FIRST_VERSION);
    expect(settings.mappings.Case).toEqual(DEFAULT_MAPPINGS.Case);
    expect(settings.rules.owner.Lead).toEqual({ onCreate: { kind: 'host' }, onExisting: { kind: 'keep' } });
    expect([settings.newPages, settings.pages]).toEqual(['on', {}]);
  });

  it('gives a row what it does not say of cutting, and leaves the rest to the rules', () => {
    const { mappings } = parseSettings(
      spoilt((document) => {
        document['mappings']!['Lead'] = [{ field: 'Title', from: 'answers.title' }];
      }),
    );
    expect(mappings.Lead).toEqual([{ field: 'Title', from: 'answers.title', cut: false }]);
  });

  it('gives the same text for documents that say the same, in whatever order their keys are', () => {
    const document = {
      ...FIRST_VERSION,
      required: { Lead: { Title: { text: 'a' }, Company: { text: 'b' } } },
      pages: { 'cal:b': { enabled: true }, 'cal:a': { required: { Lead: { Z: { text: 'z' }, A: { text: 'a' } } } } },
    };
    const turned = (value: unknown): unknown =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, inner]) => [key, turned(inner)]),
          );
    const text = JSON.stringify(parseSettings(document));
    expect(JSON.stringify(parseSettings(turned(document)))).toBe(text);
    expect(JSON.stringify(parseSettings(JSON.parse(text)))).toBe(text);
  });

  it('keeps a page from filling in rules that it does not change', () => {
    const { pages } = parseSettings({
      ...FIRST_VERSION,
      pages: {
        'cal:a': { rules: { existing: { Lead: 'overwrite' }, owner: { Case: { onCreate: { kind: 'keep' } } } } },
      },
    });
    expect(pages['cal:a']?.rules).toEqual({
      existing: { Lead: 'overwrite' },
      owner: { Case: { onCreate: { kind: 'keep' } } },
    });
  });

  it.each<[string, (document: Loose) => void, string]>([
    ['a key that nobody knows', (d) => (d['rule'] = {}), '(document)'],
    ['a part that is missing', (d) => delete d['required'], 'required'],
    ['an unknown object', (d) => (d['rules']!['unknownCustomer'] = 'Account'), 'rules.unknownCustomer'],
    ['an empty search order', (d) => (d['rules']!['searchOrder'] = []), 'rules.searchOrder'],
    [
      'a search that never finds what unknown customers become',
      (d) => Object.assign(d['rules']!, { unknownCustomer: 'Contact', searchOrder: ['Lead'] }),
      'rules.searchOrder',
    ],
    [
      'a page whose search never finds what its unknown customers become',
      (d) => (d['pages'] = { 'cal:a': { rules: { unknownCustomer: 'PersonAccount' } } }),
      'pages.cal:a.rules.searchOrder',
    ],
    ['a rule that does not exist', (d) => (d['rules']!['ambiguous'] = 'guess'), 'rules.ambiguous'],
    ['an owner without a name', (d) => (d['rules']!['fallbackOwner'] = ''), 'rules.fallbackOwner'],
    [
      'an owner of no known kind',
      (d) => (d['rules']!['owner'] = { Lead: { onCreate: { kind: 'me' } } }),
      'rules.owner.Lead.onCreate.kind',
    ],
    ['a row without a source', (d) => (d['mappings']!['Event'] = [{ field: 'Subject' }]), 'mappings.Event.0'],
    [
      'a row with two sources',
      (d) => (d['mappings']!['Event'] = [{ field: 'Subject', from: 'page.name', text: 'Call' }]),
      'mappings.Event.0',
    ],
    ['a row without a field', (d) => (d['mappings']!['Lead'] = [{ from: 'page.name' }]), 'mappings.Lead.0.field'],
    [
      'a row that writes at no known time',
      (d) => (d['mappings']!['Lead'] = [{ field: 'Title', from: 'page.name', when: 'sometimes' }]),
      'mappings.Lead.0.when',
    ],
    [
      'a chosen value that is empty',
      (d) => (d['required']!['Lead'] = { Company: { text: '' } }),
      'required.Lead.Company.text',
    ],
    ['a placeholder that is none of its type', (d) => (d['placeholders']!['number'] = 'many'), 'placeholders.number'],
    ['a page without its source', (d) => (d['pages'] = { intro: {} }), 'pages.intro'],
  ])('refuses %s, and says where', (_title, spoil, field) => {
    expect(fieldsOf(spoilt(spoil))).toEqual([field]);
  });

  it('tells all problems at once', () => {
    const document = spoilt((each) => {
      each['rules']!['ambiguous'] = 'guess';
      each['mappings']!['Event'] = [{ field: '', from: 'page.name' }];
    });
    expect(fieldsOf(document)).toEqual(['rules.ambiguous', 'mappings.Event.0.field']);
  });

  it.each([[null], ['text'], [[]], [undefined]])('refuses %j as a document', (document) => {
    expect(fieldsOf(document)).toEqual(['(document)']);
  });

  it('names the place and never what stood there', () => {
    const document = spoilt((each) => (each['rules']!['ambiguous'] = 'anna@example.test'));
    expect(() => parseSettings(document)).toThrow(/^The settings are not valid: rules\.ambiguous: /);
    expect(() => parseSettings(document)).not.toThrow(/anna/);
  });
});

describe('DEFAULT_SETTINGS', () => {
  it('never changes a record that is there', () => {
    const { rules, mappings } = DEFAULT_SETTINGS;
    expect(new Set(Object.values(rules.existing))).toEqual(new Set(['leave']));
    for (const object of MAPPED_OBJECTS) expect(mappings[object].map(({ when }) => when)).not.toContain('always');
  });

  it("never maps the guest's own links", () => {
    expect(JSON.stringify(DEFAULT_SETTINGS)).not.toMatch(/manageUrl|cancelUrl/);
  });
});

describe('the example file', () => {
  const example = JSON.parse(readFileSync(join(ROOT, 'config/settings.example.json'), 'utf8')) as Loose;

  it('is a valid document, whose $schema is the published one', () => {
    expect(problemsOf(example)).toEqual([]);
    expect(parseSettings(example)).not.toHaveProperty('$schema');
    expect(join(ROOT, 'config', example['$schema'] as unknown as string)).toBe(join(ROOT, 'docs/settings.schema.json'));
  });
});

describe('docs/settings.md', () => {
  const page = readFileSync(join(ROOT, 'docs/settings.md'), 'utf8');
  const blocks = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, text = '']) => JSON.parse(text) as Loose);
  const rules = { unknownCustomer: 'Lead', searchOrder: ['Lead'], ambiguous: 'park', fallbackOwner: null };

  it('has examples that a document takes, as parts, mappings or rules', () => {
    expect(blocks).toHaveLength(3);
    for (const block of blocks) {
      const part = 'pages' in block ? block : 'Lead' in block ? { mappings: block } : { rules: { ...rules, ...block } };
      expect(problemsOf({ rules, mappings: {}, required: {}, ...part })).toEqual([]);
    }
  });

  it('explains every rule', () => {
    const { properties } = settingsJsonSchema() as { properties: Loose };
    const explained = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual(Object.keys(properties['rules']!['properties'] as Loose).sort());
  });
});

describe('the published JSON Schema', () => {
  it('is that of the code: "booking-connector settings schema > docs/settings.schema.json" writes it anew', () => {
    const published: unknown = JSON.parse(readFileSync(join(ROOT, 'docs/settings.schema.json'), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(settingsJsonSchema())));
  });

  it('asks for no more than the code does: what has a default may be left out', () => {
    const { properties, required } = settingsJsonSchema() as { properties: Loose; required: string[] };
    expect(required).toEqual(['rules', 'mappings', 'required']);
    expect(properties['rules']!['required']).toEqual(['unknownCustomer', 'searchOrder', 'ambiguous', 'fallbackOwner']);
    expect(properties['mappings']!['required'] ?? []).toEqual([]);
  });
});

describe('what the JSON Schema tells those who fill in the document', () => {
  const { properties } = settingsJsonSchema() as { properties: Loose };
  const rules = properties['rules']!['properties'] as Loose;

  it.each(Object.entries({ ...rules, ...properties }).filter(([name]) => !['rules', 'mappings'].includes(name)))(
    'describes %s in a sentence',
    (_name, part) => expect(part['description']).toMatch(/\.$|^For editors/),
  );
});
