import { diffSettings } from './diff';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from './settings';

type Loose = Record<string, Record<string, unknown>>;

function changed(change: (document: Loose) => void): Settings {
  const document = structuredClone(DEFAULT_SETTINGS) as unknown as Loose;
  change(document);
  return parseSettings(document);
}

describe('diffSettings', () => {
  it('finds nothing between documents that say the same', () => {
    const again = parseSettings(JSON.parse(JSON.stringify(DEFAULT_SETTINGS)));
    expect(diffSettings(DEFAULT_SETTINGS, again)).toEqual([]);
  });

  it('does not count the order of rows of different fields', () => {
    expect(
      diffSettings(
        DEFAULT_SETTINGS,
        changed((d) => (d['mappings']!['Lead'] as unknown[]).reverse()),
      ),
    ).toEqual([]);
  });

  const leadRows = DEFAULT_SETTINGS.mappings.Lead;
  it.each<[string, (document: Loose) => void, unknown[]]>([
    ['a rule', (d) => (d['rules']!['cancel'] = 'delete'), [{ path: 'rules.cancel', before: 'keep', after: 'delete' }]],
    [
      'a rule of one object',
      (d) => (d['rules']!['existing'] = { Lead: 'overwrite' }),
      [{ path: 'rules.existing.Lead', before: 'leave', after: 'overwrite' }],
    ],
    [
      'an owner of another kind, as a whole',
      (d) => (d['rules']!['owner'] = { Lead: { onCreate: { kind: 'queue', queue: 'Inbound' } } }),
      [{ path: 'rules.owner.Lead.onCreate', before: { kind: 'host' }, after: { kind: 'queue', queue: 'Inbound' } }],
    ],
    [
      'a new row',
      (d) => (d['mappings']!['Lead'] = [...leadRows, { field: 'Title', text: 'Dr.' }]),
      [{ path: 'mappings.Lead.Title', after: { field: 'Title', text: 'Dr.', cut: false } }],
    ],
    [
      'a row that is gone',
      (d) => (d['mappings']!['Account'] = []),
      [{ path: 'mappings.Account.Name', before: { field: 'Name', from: 'customer.company', cut: true } }],
    ],
    [
      'the order of the rows of one field, which counts',
      (d) =>
        (d['mappings']!['Opportunity'] as unknown[]).splice(
          0,
          2,
          ...DEFAULT_SETTINGS.mappings.Opportunity.slice(0, 2).reverse(),
        ),
      [
        {
          path: 'mappings.Opportunity.Name',
          before: [expect.anything(), expect.anything()],
          after: [expect.anything(), expect.anything()],
        },
      ],
    ],
    [
      'a chosen value',
      (d) => (d['required'] = { Lead: { Company: { text: 'None' } } }),
      [{ path: 'required.Lead', after: { Company: { text: 'None' } } }],
    ],
    [
      'a new page, with its rows by field',
      (d) => (d['pages'] = { 'cal:a': { mappings: { Lead: [{ field: 'Title', text: 'a' }] } } }),
      [
        {
          path: 'pages.cal:a',
          after: { enabled: true, mappings: { Lead: { Title: { field: 'Title', text: 'a', cut: false } } } },
        },
      ],
    ],
  ])('tells %s', (_what, change, expected) => {
    expect(diffSettings(DEFAULT_SETTINGS, changed(change))).toEqual(expected);
  });

  it('tells a change within a page, in both directions', () => {
    const page = (enabled: boolean, text: string) =>
      changed((d) => (d['pages'] = { 'cal:a': { enabled, mappings: { Lead: [{ field: 'Title', text }] } } }));
    expect(diffSettings(page(true, 'a'), page(false, 'b')).map(({ path }) => path)).toEqual([
      'pages.cal:a.enabled',
      'pages.cal:a.mappings.Lead.Title',
    ]);
    const forth = diffSettings(DEFAULT_SETTINGS, page(true, 'a'));
    const back = diffSettings(page(true, 'a'), DEFAULT_SETTINGS);
    expect(back.map(({ path, before, after }) => ({ path, before: after, after: before }))).toEqual(
      forth.map(({ path, before, after }) => ({ path, before, after })),
    );
  });
});
