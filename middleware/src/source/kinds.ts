import { calcom } from './calcom';
import { calendly } from './calendly';
import { oncehub } from './oncehub';
import type { SourceKind } from './source';

/** Every scheduling system that is understood, by kind; a kind that is not here is `undefined`. */
export const kinds: ReadonlyMap<string, SourceKind> = new Map(
  [oncehub, calcom, calendly].map((source) => [source.kind, source]),
);
