import { join } from 'node:path';
import { startEmulator, type Emulator, type EmulatorOptions } from '../src/index';

/** An SFDX folder with custom fields that the tests use. */
export const FIXTURE_PACKAGE = join(__dirname, 'fixtures', 'force-app');
export const API = '/services/data/v67.0';

export interface Answer {
  status: number;
  headers: Headers;
  // The body of an answer is whatever the case expects of it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows the body that it expects
  body: any;
}

/** A started org and short ways to talk to it over HTTP. */
export class TestOrg {
  private constructor(
    readonly emulator: Emulator,
    readonly accessToken: string,
  ) {}

  static async start(options: EmulatorOptions = {}): Promise<TestOrg> {
    const emulator = await startEmulator({ deployDir: FIXTURE_PACKAGE, ...options });
    return new TestOrg(emulator, emulator.accessToken);
  }

  /** The same org seen by another user. */
  as(userId: string): TestOrg {
    return new TestOrg(this.emulator, this.emulator.signIn(userId));
  }

  /** A request to any path of the org, with the session's token. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Answer> {
    const response = await fetch(this.emulator.url + path, {
      method,
      headers: { authorization: `Bearer ${this.accessToken}`, 'content-type': 'application/json', ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** A request below the API version. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.request(method, `${API}${path}`, body, headers);
  }

  /** Runs a query and returns the whole answer. */
  query(soql: string, resource: 'query' | 'queryAll' = 'query'): Promise<Answer> {
    return this.api('GET', `/${resource}?q=${encodeURIComponent(soql)}`);
  }

  /** Creates a record and returns its id. */
  async create(sobject: string, fields: Record<string, unknown>): Promise<string> {
    const { status, body } = await this.api('POST', `/sobjects/${sobject}`, fields);
    if (status !== 201) throw new Error(`create ${sobject}: ${status} ${JSON.stringify(body)}`);
    return String(body.id);
  }

  /** A request to the emulator's own addresses. */
  control(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.request(method, `/__emulator__${path}`, body);
  }

  close(): Promise<void> {
    return this.emulator.close();
  }
}

/** A timed event of half an hour, which every required rule lets pass. */
export function visit(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { Subject: 'Intro', StartDateTime: '2026-12-01T01:00:00Z', DurationInMinutes: 30, ...fields };
}

/** A collection row of a type. */
export function row(type: string, fields: Record<string, unknown>): Record<string, unknown> {
  return { attributes: { type }, ...fields };
}

/** One entry of a collection's answer. */
export interface RowResult {
  id?: string;
  success: boolean;
  created?: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
}

/** The rows of a collection's answer. */
export function results(answer: Answer): RowResult[] {
  return answer.body as RowResult[];
}
