import { acuity } from './acuity';
import { calcom } from './calcom';
import { calendly } from './calendly';
import { jicoo } from './jicoo';
import { oncehub } from './oncehub';
import { savvycal } from './savvycal';
import { createMappedSource } from './mapped';
import { mappingSchema, type MappingDocument, readMapping } from './mapping';
import { tenToEight } from './mappings/10to8';
import { youCanBookMe } from './mappings/youcanbookme';
import type { SourceKind, Translation } from './source';
import { standard } from './standard';
import { timerex } from './timerex';
import type { JsonValue } from '../booking/booking-event';

/** Mappings that come ready made: each is a kind of source, `mapped:<name>`. */
const MAPPINGS: MappingDocument[] = [tenToEight, youCanBookMe];

/** Every scheduling system that is understood, by kind; a kind that is not here is `undefined`. */
export const kinds: ReadonlyMap<string, SourceKind> = new Map(
  [
    oncehub,
    calcom,
    calendly,
    timerex,
    jicoo,
    savvycal,
    acuity,
    standard,
    ...MAPPINGS.map((mapping) => createMappedSource(mappingSchema.parse(mapping))),
  ].map((source) => [source.kind, source]),
);

/** The kind of a source whose mapping is its own, stored with it. */
export const OWN_MAPPING = 'mapped';

/**
 * The kind of a configured source. Keep what it returns as long as the source stays the same.
 *
 * @param mapping of a source of the kind `mapped`, as stored; of others it is not read.
 * @returns undefined when there is no such kind.
 * @throws InvalidMappingError when the mapping cannot be used.
 */
export function findKind(kind: string, mapping?: JsonValue): SourceKind | undefined {
  return kind === OWN_MAPPING ? createMappedSource(readMapping(mapping ?? null)) : kinds.get(kind);
}

/** Reads a delivery that is on disk. Its headers are not kept: kinds that need them have read it before. Never throws. */
export function readDelivery(kind: string, rawBody: Buffer, receivedAt: Date): Translation {
  const found = kinds.get(kind);
  if (found !== undefined) return found.translate(rawBody, { headers: {}, receivedAt });
  // An instance of an older version; the newer one may look at it again.
  return { refused: [{ field: 'body', error: `is of a kind of source that this version does not know: ${kind}` }] };
}
