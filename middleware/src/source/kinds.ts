import { calcom } from './calcom';
import { calendly } from './calendly';
import { jicoo } from './jicoo';
import { oncehub } from './oncehub';
import { savvycal } from './savvycal';
import type { SourceKind } from './source';
import { timerex } from './timerex';

/** Every scheduling system that is understood, by kind; a kind that is not here is `undefined`. */
export const kinds: ReadonlyMap<string, SourceKind> = new Map(
  [oncehub, calcom, calendly, timerex, jicoo, savvycal].map((source) => [source.kind, source]),
);
