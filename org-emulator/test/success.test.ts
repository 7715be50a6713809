import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { skeleton } from './skeleton';
import { row, TestOrg, type Answer } from './support';

interface Success {
  status: number;
  body: unknown;
}
const OURS = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'success.json'), 'utf8')) as Record<string, Success>;
/** Answers recorded from real orgs; a clone on its own does not have them. */
const RECORDINGS = join(__dirname, '..', '..', '..', 'shared', 'salesforce', 'describe', 'success-responses.json');
const RECORDED = existsSync(RECORDINGS)
  ? (JSON.parse(readFileSync(RECORDINGS, 'utf8')) as Record<string, Success[]>)
  : undefined;

const accounts = async (org: TestOrg, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let from = 0; from < count; from += 200) {
    const records = Array.from({ length: Math.min(200, count - from) }, () => row('Account', { Name: 'Edge' }));
    const { body } = await org.api('POST', '/composite/sobjects', { records });
    ids.push(...(body as { id: string }[]).map(({ id }) => id));
  }
  return ids;
};
const V = (version: number): string => `/services/data/v${version}.0`;
const query = (org: TestOrg, version: number, soql: string): Promise<Answer> =>
  org.request('GET', `${V(version)}/query?q=${encodeURIComponent(soql)}`);

/** The requests whose answers were recorded, by the names of the recordings. */
const REQUESTS: Record<string, (org: TestOrg) => Promise<Answer>> = {
  'create-record': (org) => org.request('POST', `${V(59)}/sobjects/Account/`, { Name: 'Test' }),
  'update-record': async (org) => {
    const [id] = await accounts(org, 1);
    return org.request('PATCH', `${V(63)}/sobjects/Account/${String(id)}`, { Industry: 'Technology' });
  },
  'delete-record': async (org) => {
    const [id] = await accounts(org, 1);
    return org.request('DELETE', `${V(63)}/sobjects/Account/${String(id)}`);
  },
  'upsert-record': (org) =>
    org.request('PATCH', `${V(60)}/sobjects/Contact/Email/new%40example.com`, { LastName: 'Test' }),
  'update-record-by-external-id': async (org) => {
    const [id] = await accounts(org, 1);
    return org.request('PATCH', `${V(59)}/sobjects/Account/Id/${String(id)}?updateOnly=true`, { Phone: '5' });
  },
  'create-sobject-collection': (org) =>
    org.request('POST', `${V(63)}/composite/sobjects`, { records: [row('Account', { Name: 'Test' })] }),
  'composite-graph-request': (org) => {
    const node = {
      method: 'POST',
      url: `${V(66)}/sobjects/Account`,
      referenceId: 'newAccount',
      body: { Name: 'Test' },
    };
    return org.request('POST', `${V(66)}/composite/graph`, {
      graphs: [{ graphId: 'test1', compositeRequest: [node] }],
    });
  },
  'query-records': async (org) => {
    await accounts(org, 6);
    return query(org, 63, 'SELECT Id, Name FROM Account LIMIT 5');
  },
  'delete-sobject-collection': async (org) => {
    const ids = await accounts(org, 2);
    return org.request(
      'DELETE',
      `${V(66)}/composite/sobjects?allOrNone=false&ids=${ids.join(',')}&sObjectName=Account`,
    );
  },
  'query-two-pages': async (org) => {
    await accounts(org, 2086);
    return query(org, 59, 'SELECT Id, CreatedDate FROM Account');
  },
};

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

describe(`a success, ${Object.keys(OURS).length} of which ${RECORDED ? Object.keys(RECORDED).length : 'none'} recorded`, () => {
  it.each(Object.entries(OURS))('has the status, keys and headers of %s', async (name, expected) => {
    const answer = await REQUESTS[name]?.(org);
    expect(answer?.status).toBe(expected.status);
    expect(shape(answer?.body)).toBe(shape(expected.body));
    expect(answer?.headers.get('sforce-limit-info')).toMatch(/^api-usage=\d+\/15000$/);
    const location = answer?.headers.get('location');
    const isSaved = ['create-record', 'upsert-record', 'update-record-by-external-id'].includes(name);
    expect(location).toEqual(isSaved ? expect.stringContaining(`/${String(answer?.body.id)}`) : null);
    const recorded = RECORDED?.[name]?.[0];
    if (!recorded) return;
    expect(answer?.status).toBe(recorded.status);
    expect(shape(answer?.body)).toBe(shape(recorded.body));
  });
});

it('has every recorded success', () => {
  expect(Object.keys(OURS).sort()).toEqual(Object.keys(RECORDED ?? OURS).sort());
});

it('reads the second page by the address that the first one gives', async () => {
  const first = await REQUESTS['query-two-pages']?.(org);
  expect(first?.body.records).toHaveLength(2000);
  const second = await org.request('GET', String(first?.body.nextRecordsUrl));
  expect(second.body).toMatchObject({ totalSize: 2086, done: true });
  expect(second.body.records).toHaveLength(86);
  expect(second.body).not.toHaveProperty('nextRecordsUrl');
});

/** The skeleton of an answer; of a query's records only what each of them has: attributes, id and the first column. */
function shape(body: unknown): string {
  const { records, ...rest } = body as { records?: Record<string, unknown>[]; nextRecordsUrl?: string };
  if (!records) return skeleton(body);
  const [first = {}] = records;
  const { attributes, Id } = first;
  const nextRecordsUrl = rest.nextRecordsUrl?.replace(/\/\w{18}-/, '/…-');
  return skeleton({ ...rest, ...(nextRecordsUrl ? { nextRecordsUrl } : {}), records: [{ attributes, Id }] });
}
