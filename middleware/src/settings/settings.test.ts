import { DEFAULT_SETTINGS, InvalidSettingsError, parseSettings, settingsSchema } from './settings';

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

describe('parseSettings', () => {
  it('takes the defaults as they are, also through JSON', () => {
    expect(parseSettings(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
    expect(parseSettings(JSON.parse(JSON.stringify(DEFAULT_SETTINGS)))).toEqual(DEFAULT_SETTINGS);
  });

  it('writes always and refuses text that is too long, where a row says nothing of it', () => {
    const { mappings } = parseSettings(
      spoilt((document) => {
        document['mappings']!['Lead'] = [{ field: 'Title', from: 'answers.title' }];
      }),
    );
    expect(mappings.Lead).toEqual([{ field: 'Title', from: 'answers.title', when: 'always', cut: false }]);
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
    ['a rule that does not exist', (d) => (d['rules']!['ambiguous'] = 'guess'), 'rules.ambiguous'],
    ['an owner without a name', (d) => (d['rules']!['fallbackOwner'] = ''), 'rules.fallbackOwner'],
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
  it('never changes a person who is there', () => {
    for (const sobject of ['Lead', 'Contact'] as const) {
      expect(DEFAULT_SETTINGS.mappings[sobject].every(({ when }) => when === 'onCreate')).toBe(true);
    }
  });

  it("never maps the guest's own links", () => {
    expect(JSON.stringify(DEFAULT_SETTINGS)).not.toMatch(/manageUrl|cancelUrl/);
  });
});

describe('settingsSchema', () => {
  it('describes every rule for those who fill in the document', () => {
    for (const [name, rule] of Object.entries(settingsSchema.shape.rules.shape)) {
      expect([name, rule.description]).toEqual([name, expect.stringMatching(/\.$/)]);
    }
  });
});
