import type { JsonValue } from '../booking/booking-event';
import type { SecretBox } from '../security/secret-box';
import { findSource } from '../settings/source.store';
import { findKind } from '../source/kinds';
import type { Db } from '../store/db';
import type { ReceivingSource } from './webhook-route';

/** How long a source is remembered: another instance may have changed its secrets. */
const SOURCE_TTL_MS = 5_000;

/** Finds sources by id, with their secrets opened, and remembers them for a few seconds. */
export function rememberSources(
  store: Db,
  secrets: SecretBox,
  now: () => Date,
): (id: string) => Promise<ReceivingSource | null> {
  const remembered = new Map<string, { source: ReceivingSource; mapping: string; until: number }>();
  const read = async (id: string): Promise<ReceivingSource | null> => {
    const found = await findSource(store, id);
    if (found === null) {
      remembered.delete(id);
      return null;
    }
    const known = remembered.get(id);
    const mapping = JSON.stringify([found.kind, found.mapping]);
    // A mapping takes milliseconds to make ready: it is made anew only when it has changed.
    const kind = known?.mapping === mapping ? known.source.kind : findKind(found.kind, found.mapping as JsonValue);
    if (kind === undefined)
      throw new Error(`The source ${id} is of a kind that this version does not know: ${found.kind}.`);
    const opened = found.secretsSealed.map((sealed) => secrets.open(sealed, `source:${id}`));
    const source = { id, teamId: found.teamId, kind, secrets: opened };
    remembered.set(id, { source, mapping, until: now().getTime() + SOURCE_TTL_MS });
    return source;
  };
  /** Those who ask while it is read wait for the same answer. */
  const reading = new Map<string, Promise<ReceivingSource | null>>();
  return (id) => {
    const known = remembered.get(id);
    if (known !== undefined && known.until > now().getTime()) return Promise.resolve(known.source);
    const running = reading.get(id) ?? read(id).finally(() => reading.delete(id));
    reading.set(id, running);
    return running;
  };
}
