import { saveApiCredential } from '../booking/completion.store';
import { kinds } from '../source/kinds';
import type { AdminDeps } from './deps';
import { AdminRefusedError, InvalidArgsError } from './refused';
import { requireSource } from './sources';

/** Under which context the credential of a source's API is sealed. */
export function apiContext(sourceId: string): string {
  return `source:${sourceId}:api`;
}

/**
 * Lets the connector ask a scheduling system's API for what its webhooks leave open, or no longer.
 *
 * @param apiKey the credential; null takes it away. Given anew it also asks again for what was asked in vain.
 * @throws NotFoundError when there is no such source; AdminRefusedError when its kind has nothing to ask for;
 *   InvalidArgsError when the credential is none.
 */
export async function setApiKey(
  { store, teamId, secrets, now, wake }: AdminDeps,
  { id, apiKey }: { id: string; apiKey: string | null },
): Promise<{ id: string; isAsked: boolean }> {
  const source = await requireSource({ store, teamId }, id);
  const access = kinds.get(source.kind)?.complete?.access;
  if (access === undefined) {
    throw new AdminRefusedError(
      `Nothing is asked for at the API of "${source.kind}": its webhooks say all that is used.`,
    );
  }
  if (apiKey !== null && access.headersOf(apiKey) === null) {
    throw new InvalidArgsError([{ field: 'apiKey', error: `Expected ${access.credentialName}, got something else.` }]);
  }
  await saveApiCredential(store, id, apiKey === null ? null : secrets.seal(apiKey, apiContext(id)), now());
  wake();
  return { id, isAsked: apiKey !== null };
}
