import { join } from 'node:path';
import type { Logger } from 'pino';
import { DEFAULT_TEAM } from './admin/deps';
import type { Config } from './config';
import { createSecretBox, loadOrCreateKey, type SecretBox } from './security/secret-box';
import { openStore, type Store } from './store/store';
import { saveTeam } from './sync/org.store';

const MIGRATIONS = join(__dirname, '../migrations');
const VACUUMED_TABLES = ['booking', 'delivery', 'folding', 'lane', 'customer_link', 'api_budget', 'api_calls'];

/** The store and the key to its secrets: what a command needs when no server runs. */
export async function openState(config: Config, log: Logger): Promise<{ store: Store; secrets: SecretBox }> {
  const store = await openStore({
    ...(config.databaseUrl === null ? { dataDir: config.dataDir } : { databaseUrl: config.databaseUrl }),
    migrations: MIGRATIONS,
    vacuumTables: VACUUMED_TABLES,
    log,
  });
  try {
    const { key, origin } = await loadOrCreateKey({
      keyFile: join(config.dataDir, 'encryption.key'),
      ...(config.encryptionKey === null ? {} : { fromEnvironment: config.encryptionKey }),
    });
    if (origin === 'created') {
      log.info(
        { keyFile: join(config.dataDir, 'encryption.key') },
        'An encryption key was made: keep a copy, without it the stored secrets are lost',
      );
    }
    await saveTeam(store, DEFAULT_TEAM, new Date());
    return { store, secrets: createSecretBox(key) };
  } catch (error) {
    await store.close();
    throw error;
  }
}
