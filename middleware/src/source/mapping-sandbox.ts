import { readFileSync } from 'node:fs';
import { createContext, type Context, Script } from 'node:vm';
import type { JsonValue } from '../booking/booking-event';
import { isObject, listAt, readJson, textAt } from './body';
import { SANDBOX_SCRIPT } from './mapping-sandbox-script';
import type { FieldError } from './source';

/** How long all expressions together may take for one delivery. Usual ones take a few milliseconds. */
const TIME_LIMIT_MS = 1000;

/** Limits of one expression that JSONata itself keeps; `LIMITS` in the script. */
const LIMITS = { timeout: 500, stack: 300, sequence: 10_000 };

/** How often a body is tried that the machine gave no time for. */
const MAX_ATTEMPTS = 3;

/** What JSONata calls its own time limit; the script keeps the code in its message. */
const OUT_OF_TIME = 'D1012';

/** How many bookings one body may carry, and how long its result may be written as JSON. */
const MAX_ITEMS = 100;
const MAX_RESULT_LENGTH = 4_000_000;

/** What expressions may look at. */
export interface SandboxInput {
  body: JsonValue;
  /** Without those that carry secrets. */
  headers: Record<string, string>;
  /** ISO 8601; null when it is not known. */
  receivedAt: string | null;
  /** SHA-256 of the body's bytes, as hex. */
  digest: string;
}

/** The values of one booking by the paths of their expressions, or that `when` did not give true. */
export type SandboxItem = { fields: JsonValue } | { skipped: true };

export interface Sandbox {
  /** What is wrong with the expressions; such a sandbox evaluates nothing. */
  errors: readonly FieldError[];
  /** Evaluates everything but `deliveryKey`, for each booking of the body. Never throws. */
  evaluate(input: SandboxInput): { items: SandboxItem[] } | { refused: FieldError[] };
  /** Evaluates `deliveryKey`; null when there is none, or it gives nothing. Never throws. */
  evaluateKey(input: SandboxInput): string | null;
}

type Asked = { answer: JsonValue } | { refused: FieldError[] };

/**
 * Opens a JavaScript realm of its own in which a mapping's expressions are read and evaluated.
 *
 * JSONata evaluates asynchronously, and neither its own limits nor a timer stop a regular expression that backtracks
 * for minutes. Its ES5 build knows promises only by the realm's global name, under which it finds ours, whose jobs run
 * within the call that asks for the result. So evaluation is one synchronous call, which the engine interrupts,
 * regular expressions included, when its time is up. (Native promises must not be interrupted: where async hooks are
 * on, the process aborts.)
 *
 * Only JSON texts go in and out, so an expression that breaks out of JSONata finds a realm without modules, network,
 * process or clock of ours. Memory is bounded by time alone. What an interrupted call left is thrown away with its realm.
 *
 * @see https://nodejs.org/api/vm.html
 */
export function openSandbox(expressions: { path: string[]; source: string }[]): Sandbox {
  const program = JSON.stringify({ expressions, limits: LIMITS, maxItems: MAX_ITEMS });
  let realm: Context | null = null;

  const askOnce = (request: Record<string, unknown>): Asked & { isOutOfTime: boolean } => {
    try {
      if (realm === null) {
        realm = openRealm();
        call(realm, `load(${JSON.stringify(program)})`);
      }
      const text = call(realm, `respond(${JSON.stringify(JSON.stringify(request))})`);
      if (text.length > MAX_RESULT_LENGTH) {
        return { ...refused('makes more of a body than can be kept'), isOutOfTime: false };
      }
      const read = readJson(Buffer.from(text));
      if ('refused' in read) return { ...refused('makes values of a body that nest too deep'), isOutOfTime: false };
      const isOutOfTime = errorsOf(read.value).some(({ error }) => error.includes(OUT_OF_TIME));
      return { answer: read.value, isOutOfTime };
    } catch (error) {
      realm = null;
      const isOutOfTime = (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      const what = isOutOfTime
        ? `takes longer than ${TIME_LIMIT_MS / 1000} second for this body. Look for loops, and for regular expressions with a repetition inside a repetition`
        : 'asks for more memory or depth than there is';
      return { ...refused(what), isOutOfTime };
    }
  };

  /**
   * Limits are kept by the clock on the wall, and a machine that is busy with something else can stop us for a second:
   * a body is not refused for that. What did not get its time to compute is asked again.
   */
  const ask = (request: Record<string, unknown>): Asked => {
    for (let attempt = 1; ; attempt += 1) {
      const before = process.cpuUsage();
      const asked = askOnce(request);
      const { user, system } = process.cpuUsage(before);
      const hasComputed = (user + system) / 1000 >= LIMITS.timeout / 2;
      if (!asked.isOutOfTime || hasComputed || attempt === MAX_ATTEMPTS) return asked;
    }
  };

  return {
    get errors() {
      const asked = ask({ kind: 'check' });
      return 'refused' in asked ? asked.refused : errorsOf(asked.answer);
    },
    evaluate(input) {
      const asked = ask({ kind: 'evaluate', ...input });
      if ('refused' in asked) return asked;
      const errors = errorsOf(asked.answer);
      if (errors.length > 0) return { refused: errors };
      return {
        items: (listAt(asked.answer, 'items') ?? []).map((item) =>
          isObject(item) && item['fields'] !== undefined ? { fields: item['fields'] } : { skipped: true },
        ),
      };
    },
    evaluateKey(input) {
      const asked = ask({ kind: 'key', ...input });
      return 'refused' in asked ? null : textAt(asked.answer, 'key');
    },
  };
}

function refused(error: string): { refused: FieldError[] } {
  return { refused: [{ field: 'mapping', error }] };
}

function errorsOf(answer: JsonValue): FieldError[] {
  return (listAt(answer, 'errors') ?? []).map((sent) => ({
    field: textAt(sent, 'field') ?? 'mapping',
    error: textAt(sent, 'error') ?? 'could not be evaluated',
  }));
}

function call(realm: Context, code: string): string {
  const answer: unknown = new Script(code).runInContext(realm, { timeout: TIME_LIMIT_MS });
  return typeof answer === 'string' ? answer : '{}';
}

let scripts: Script[] | null = null;

function openRealm(): Context {
  scripts ??= [
    new Script(SANDBOX_SCRIPT, { filename: 'mapping-sandbox-script.js' }),
    new Script(
      `var jsonata = (function () { var module = { exports: {} }, exports = module.exports;
${readFileSync(require.resolve('jsonata/jsonata-es5.js'), 'utf8')}
return module.exports; })();`,
      { filename: 'jsonata-es5.js' },
    ),
  ];
  const realm = createContext(Object.create(null) as Context, { codeGeneration: { strings: false, wasm: false } });
  for (const script of scripts) script.runInContext(realm);
  return realm;
}
