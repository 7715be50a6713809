import { problemId, scopeOf, type Scope, type Trait } from './problem';

const trait = (page: string, host = 'ana@example.com', sourceId = 'cal'): Trait => ({ sourceId, page, host });

describe('scopeOf', () => {
  it.each<[string, Trait[], Trait[], Scope]>([
    ['one booking tells nothing', [trait('demo')], [trait('intro')], { kind: 'one' }],
    ['nobody was written since', [trait('demo'), trait('demo')], [], { kind: 'everybody' }],
    [
      'all are of one page, and others are written',
      [trait('demo'), trait('demo', 'bo@example.com')],
      [trait('intro')],
      { kind: 'page', name: 'demo' },
    ],
    [
      'all are of one host, over several pages',
      [trait('demo', 'bo@example.com'), trait('intro', 'bo@example.com')],
      [trait('demo'), trait('intro')],
      { kind: 'host', name: 'bo@example.com' },
    ],
    [
      'all are of one source, over several pages and hosts',
      [trait('demo', 'bo@example.com', 'once'), trait('intro', 'cy@example.com', 'once')],
      [trait('other', 'dee@example.com')],
      { kind: 'source', name: 'once' },
    ],
    [
      'all are of one page that others are written of',
      [trait('demo'), trait('demo', 'bo@example.com')],
      [trait('demo')],
      { kind: 'some' },
    ],
    [
      'what nobody knows is nothing in common',
      [
        { ...trait('demo'), host: null },
        { ...trait('intro'), host: null },
      ],
      [trait('demo')],
      { kind: 'some' },
    ],
  ])('%s', (_title, hit, spared, expected) => {
    expect(scopeOf(hit, spared)).toEqual(expected);
  });
});

describe('problemId', () => {
  const key = { code: 'REQUIRED_FIELD_MISSING', sobject: 'Lead', fields: ['Company'] };

  it('tells problems apart by code, object and fields', () => {
    const ids = [
      key,
      { ...key, code: 'STRING_TOO_LONG' },
      { ...key, sobject: null },
      { ...key, fields: ['Company', 'LastName'] },
    ].map(problemId);
    expect(new Set(ids).size).toBe(4);
    expect(problemId({ ...key })).toBe(ids[0]);
  });
});
