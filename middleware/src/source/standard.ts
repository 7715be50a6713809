import type { BookingEvent, JsonValue } from '../booking/booking-event';
import { at, isObject, type JsonObject, listAt, Problems, readObject, typeName } from './body';
import { headerValue, hmacHex, sha256Hex, verifyHex } from './signature';
import {
  type DeliveryHeaders,
  type FieldError,
  SignatureMismatchError,
  type SourceKind,
  type Translation,
  type Verification,
} from './source';
import { readEvent } from './standard-event';
import { standardBatchSchema, standardEventSchema } from './standard-schema';

/** How far a signature's time may be from ours, both ways: what the libraries of Standard Webhooks use. */
const WINDOW_SECONDS = 300;

/** More signatures than this in one header are nobody's rotation of secrets. */
const MAX_SIGNATURES = 10;

/** The message's id as Standard Webhooks allows it to be used here: it becomes the key of the delivery. */
const ID = /^[!-~]{1,255}$/;

/**
 * Our own format, for whoever can program the sender: booking events as plain JSON, signed by Standard Webhooks.
 * @see docs/sources/standard.md
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const standard: SourceKind = {
  kind: 'standard',
  verify,
  translate,
  deliveryKey,
  isReadAtOnce: true, // who wrote the sender reads the answer
};

/**
 * The three headers of a delivery.
 * @param secret `whsec_<base64>`.
 * @throws TypeError when the secret is not of this form.
 */
export function standardHeaders(
  secret: string,
  id: string,
  rawBody: Buffer | string,
  sentAt: Date,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const key = keyOf(secret);
  if (key === null) throw new TypeError('Expected a secret of the form whsec_<base64>.');
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signature = Buffer.from(hmacHex(key, `${id}.${timestamp}.`, rawBody), 'hex').toString('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** The key inside a secret; null when there is none, since anybody can sign with an empty one. */
function keyOf(secret: string): Buffer | null {
  const encoded = secret.trim().replace(/^whsec_/, '');
  const isBase64 = encoded.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  return isBase64 ? Buffer.from(encoded, 'base64') : null;
}

function verify(headers: DeliveryHeaders, rawBody: Buffer, secrets: readonly string[], now: Date): Verification {
  const [id, timestamp, list] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => {
    const value = headerValue(headers, name);
    if (value === null) throw new SignatureMismatchError('missing', `Expected the header ${name}, got none.`);
    return value;
  }) as [string, string, string];
  if (!ID.test(id)) {
    throw new SignatureMismatchError('malformed', 'Expected webhook-id as up to 255 visible ASCII characters.');
  }
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new SignatureMismatchError('malformed', 'Expected webhook-timestamp as seconds since 1970.');
  }
  const signatures = list.split(/\s+/).flatMap((entry) => {
    const encoded = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(entry)?.[1];
    return encoded === undefined ? [] : [Buffer.from(encoded, 'base64').toString('hex')];
  });
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
    throw new SignatureMismatchError('malformed', 'Expected webhook-signature as v1,<base64>.');
  }
  // A secret of another form counts as none: its key would be empty, and anybody can sign with that.
  const usable = secrets.map((secret) => (keyOf(secret) === null ? '' : secret));
  const verification = verifyHex(signatures, usable, (secret) =>
    hmacHex(keyOf(secret) ?? secret, `${id}.${timestamp}.`, rawBody),
  );
  if (!(Math.abs(now.getTime() / 1000 - Number(timestamp)) <= WINDOW_SECONDS)) {
    throw new SignatureMismatchError(
      'stale',
      `The signature holds, but was made more than ${WINDOW_SECONDS} seconds before or after our clock. Check both clocks.`,
    );
  }
  return verification;
}

function translate(rawBody: Buffer): Translation {
  const read = readObject(rawBody);
  if ('refused' in read) return read;
  const body = read.object;
  const problems = new Problems();
  const isBatch = Object.hasOwn(body, 'events');
  for (const fault of faultsOf(isBatch ? standardBatchSchema : standardEventSchema, body)) {
    problems.add(fault.field, fault.error);
  }
  const faulty = new Set(problems.errors.map(({ field }) => field));
  const found = new Problems();
  const events = isBatch
    ? (listAt(body, 'events') ?? []).map((sent, index) => readItem(sent, `events[${index}].`, found))
    : [readItem(body, '', found)];
  // What depends on more than one field (an end after the start) the schema cannot tell.
  for (const { field, error } of found.errors) if (!faulty.has(field)) problems.add(field, error);
  if (problems.errors.length > 0) return { refused: problems.errors };
  return { events: events.filter((event) => event !== null) };
}

function readItem(sent: JsonValue, path: string, problems: Problems): BookingEvent | null {
  return isObject(sent) ? readEvent(sent, path, problems) : null;
}

/** What the schema has against a body: every fault with its path, none with its value. */
function faultsOf(schema: typeof standardBatchSchema | typeof standardEventSchema, body: JsonObject): FieldError[] {
  const issues = schema.safeParse(body).error?.issues ?? [];
  return issues.map(({ path, message }) => ({
    field: path.reduce<string>(
      (name, part) =>
        typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`,
      '',
    ),
    error: `expected ${message}, got ${typeName(valueAt(body, path))}`,
  }));
}

function valueAt(body: JsonObject, path: PropertyKey[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (value, part) => (Array.isArray(value) ? value[Number(part)] : at(value, String(part))),
    body,
  );
}

/** The message's id, which stays the same when a sender repeats it. */
function deliveryKey(headers: DeliveryHeaders, rawBody: Buffer): string {
  const id = headerValue(headers, 'webhook-id');
  return id !== null && ID.test(id) ? id : `sha256:${sha256Hex(rawBody)}`;
}
