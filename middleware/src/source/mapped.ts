import type { BookingEvent, JsonValue } from '../booking/booking-event';
import { isObject, Problems } from './body';
import { readMappedBody } from './mapped-body';
import { expressionsOf, type Mapping } from './mapping';
import { openSandbox, type SandboxInput } from './mapping-sandbox';
import { headerValue, sha256Hex, verifyToken } from './signature';
import {
  type Arrival,
  type DeliveryHeaders,
  SignatureMismatchError,
  type SourceKind,
  type Translation,
  type Verification,
} from './source';
import { readEvent } from './standard-event';

/** Headers that may carry secrets: expressions do not see them. */
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie']);

/**
 * A source of any sender that can be told to send a token along: its bodies are read by the expressions of a mapping.
 * Costs a few milliseconds and a few megabytes when it is first used; keep it as long as the mapping stays the same.
 *
 * @param mapping checked by `readMapping`. The kind is `mapped:<name>`.
 * @see docs/sources/mapped.md
 */
export function createMappedSource(mapping: Mapping): SourceKind {
  const sandbox = openSandbox(expressionsOf(mapping));
  const tokenHeader = mapping.tokenHeader.toLowerCase();

  const inputOf = (body: JsonValue, rawBody: Buffer, arrival: Partial<Arrival>): SandboxInput => ({
    body,
    headers: Object.fromEntries(
      Object.keys(arrival.headers ?? {}).flatMap((sent) => {
        const name = sent.toLowerCase();
        const value = headerValue(arrival.headers ?? {}, name);
        return value === null || name === tokenHeader || SECRET_HEADERS.has(name) ? [] : [[name, value]];
      }),
    ),
    receivedAt: arrival.receivedAt?.toISOString() ?? null,
    digest: sha256Hex(rawBody),
  });

  return {
    kind: `mapped:${mapping.name}`,
    isReadAtOnce: true, // expressions may look at headers

    verify(headers: DeliveryHeaders, _rawBody: Buffer, secrets: readonly string[]): Verification {
      const bearer = /^bearer\s+(\S+)$/i.exec(headerValue(headers, 'authorization') ?? '')?.[1];
      const token = headerValue(headers, tokenHeader) ?? bearer;
      if (token === undefined) {
        const error = `Expected the token in the header ${mapping.tokenHeader}, or as Authorization: Bearer, got none.`;
        throw new SignatureMismatchError('missing', error);
      }
      return verifyToken(token, secrets);
    },

    translate(rawBody: Buffer, arrival: Partial<Arrival> = {}): Translation {
      const read = readMappedBody(rawBody, arrival.headers ?? {}, mapping.body);
      if ('refused' in read) return read;
      const evaluated = sandbox.evaluate(inputOf(read.value, rawBody, arrival));
      if ('refused' in evaluated) return evaluated;
      const problems = new Problems();
      const told = evaluated.items.flatMap((item, index) => ('fields' in item ? [{ fields: item.fields, index }] : []));
      if (told.length === 0) {
        const why = evaluated.items.length === 0 ? 'each finds no booking in it' : 'its condition (when) is not true';
        return { ignored: `The mapping ${mapping.name} does not apply to this body: ${why}.` };
      }
      const events: (BookingEvent | null)[] = told.map(({ fields, index }) =>
        readEvent(isObject(fields) ? fields : {}, mapping.each === undefined ? '' : `[${index}].`, problems),
      );
      if (problems.errors.length > 0) return { refused: problems.errors };
      return { events: events.filter((event) => event !== null) };
    },

    deliveryKey(headers: DeliveryHeaders, rawBody: Buffer, receivedAt?: Date): string {
      const bytes = `sha256:${sha256Hex(rawBody)}`;
      const read = mapping.deliveryKey === undefined ? null : readMappedBody(rawBody, headers, mapping.body);
      if (read === null || 'refused' in read) return bytes;
      const arrival = receivedAt === undefined ? { headers } : { headers, receivedAt };
      const key = sandbox.evaluateKey(inputOf(read.value, rawBody, arrival));
      if (key === null) return bytes;
      return /^[!-~]{1,255}$/.test(key) ? key : `key:${sha256Hex(key)}`;
    },
  };
}
