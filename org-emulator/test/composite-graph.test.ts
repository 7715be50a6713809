import { TestOrg, visit } from './support';

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const V = '/services/data/v67.0';
interface GraphAnswer {
  graphId: string;
  isSuccessful: boolean;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each case knows the body that it expects
  graphResponse: { compositeResponse: { body: any; httpStatusCode: number; referenceId: string }[] };
}
const post = (referenceId: string, sobject: string, body: unknown): object => ({
  method: 'POST',
  url: `${V}/sobjects/${sobject}`,
  referenceId,
  body,
});
const good = (graphId: string): object => ({
  graphId,
  compositeRequest: [
    post('person', 'Contact', { LastName: 'Sato' }),
    post('event', 'Event', visit({ WhoId: '@{person.id}' })),
  ],
});
const bad = (graphId: string): object => ({
  graphId,
  compositeRequest: [post('person', 'Contact', { LastName: 'Sato' }), post('event', 'Event', {})],
});
async function run(graphs: object[]): Promise<GraphAnswer[]> {
  const { status, body } = await org.api('POST', '/composite/graph', { graphs });
  expect(status).toBe(200);
  return body.graphs as GraphAnswer[];
}
const count = async (): Promise<number> => (await org.query('SELECT COUNT() FROM Contact')).body.totalSize as number;

it('runs each graph all or none, independent of the others', async () => {
  const [first, second] = await run([good('a'), bad('b')]);
  expect(first).toMatchObject({ graphId: 'a', isSuccessful: true });
  expect(first?.graphResponse.compositeResponse.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 201]);
  expect(second?.isSuccessful).toBe(false);
  expect(second?.graphResponse.compositeResponse).toMatchObject([
    { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
    { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] },
  ]);
  expect(await count()).toBe(1);
});

it('halts what is left after the fifteenth failed graph', async () => {
  const answers = await run([...Array.from({ length: 15 }, (_, n) => bad(`b${n}`)), good('last')]);
  expect(answers.at(-1)?.isSuccessful).toBe(false);
  expect(answers.at(-1)?.graphResponse.compositeResponse[0]?.body[0].errorCode).toBe('PROCESSING_HALTED');
  const fourteen = await run([...Array.from({ length: 14 }, (_, n) => bad(`b${n}`)), good('last')]);
  expect(fourteen.at(-1)?.isSuccessful).toBe(true);
});

it('takes what is one below each limit: 75 graphs, 500 nodes, a chain of 15, 15 kinds of nodes', async () => {
  const nodes = (count: number): object => ({
    graphId: 'a',
    compositeRequest: Array.from({ length: count }, (_, n) => post(`r${n}`, 'Contact', { LastName: 'x' })),
  });
  const chain = {
    graphId: 'b',
    compositeRequest: Array.from({ length: 15 }, (_, n) =>
      post(`r${n}`, 'Contact', { LastName: n === 0 ? 'x' : `@{r${n - 1}.id}` }),
    ),
  };
  const kinds = {
    graphId: 'c',
    compositeRequest: Array.from({ length: 15 }, (_, n) => ({
      method: 'POST',
      url: `/services/data/v${40 + n}.0/sobjects/Contact`,
      referenceId: `r${n}`,
      body: { LastName: 'x' },
    })),
  };
  for (const graphs of [Array.from({ length: 75 }, (_, n) => good(`g${n}`)), [nodes(500)], [chain], [kinds]]) {
    expect((await run(graphs)).every(({ isSuccessful }) => isSuccessful)).toBe(true);
  }
});

it.each<[string, object[]]>([
  ['76 graphs', Array.from({ length: 76 }, (_, n) => good(`g${n}`))],
  [
    '501 nodes',
    [
      {
        graphId: 'a',
        compositeRequest: Array.from({ length: 501 }, (_, n) => post(`r${n}`, 'Contact', { LastName: 'x' })),
      },
    ],
  ],
  [
    'a chain of 16',
    [
      {
        graphId: 'a',
        compositeRequest: Array.from({ length: 16 }, (_, n) =>
          post(`r${n}`, 'Contact', { LastName: n === 0 ? 'x' : `@{r${n - 1}.id}` }),
        ),
      },
    ],
  ],
  [
    '16 kinds of nodes',
    [
      {
        graphId: 'a',
        compositeRequest: Array.from({ length: 16 }, (_, n) => ({
          method: 'GET',
          url: `/services/data/v${40 + n}.0/sobjects/Lead/x`,
          referenceId: `r${n}`,
        })),
      },
    ],
  ],
  [
    'a query',
    [
      {
        graphId: 'a',
        compositeRequest: [{ method: 'GET', url: `${V}/query?q=SELECT+Id+FROM+Lead`, referenceId: 'q' }],
      },
    ],
  ],
  ['one name for two graphs', [good('a'), good('a')]],
])('refuses %s', async (_what, graphs) => {
  expect((await org.api('POST', '/composite/graph', { graphs })).status).toBe(400);
  expect(await count()).toBe(0);
});
