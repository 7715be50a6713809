import { describeOnStores } from '../../test/support/postgres';
import { seed } from '../../test/support/seed';
import type { Store } from '../store/store';
import { DEFAULT_SETTINGS, parseSettings, type Settings } from './settings';
import {
  listSettingsVersions,
  readSettings,
  readSettingsVersion,
  saveSettings,
  SettingsChangedError,
} from './settings.store';

const NOW = new Date('2027-01-01T00:00:00.000Z');

function withPrefix(canceledPrefix: string): Settings {
  return parseSettings({ ...DEFAULT_SETTINGS, rules: { ...DEFAULT_SETTINGS.rules, canceledPrefix } });
}

describeOnStores('settings', ({ open }) => {
  let store: Store;

  beforeAll(async () => {
    store = await open();
    await seed(store);
  });
  beforeEach(() => store.query('delete from setting'));

  const save = (prefix: string, expectedVersion?: number) =>
    saveSettings(store, {
      teamId: 'default',
      settings: withPrefix(prefix),
      author: `who saved ${prefix}`,
      now: NOW,
      expectedVersion,
    });
  const newest = async () => (await readSettings(store, ['default'])).get('default');

  it('starts with the defaults as version 0', async () => {
    expect(await newest()).toEqual({ teamId: 'default', version: 0, settings: DEFAULT_SETTINGS });
    expect(await readSettingsVersion(store, 'default', 0)).toEqual(await newest());
    expect(await listSettingsVersions(store, 'default')).toEqual([]);
  });

  it('keeps every version with its author and time, and reads each', async () => {
    expect([await save('a'), await save('b')]).toEqual([1, 2]);
    expect(await newest()).toEqual({ teamId: 'default', version: 2, settings: withPrefix('b') });
    expect((await readSettingsVersion(store, 'default', 1))?.settings).toEqual(withPrefix('a'));
    expect(await readSettingsVersion(store, 'default', 3)).toBeNull();
    expect(await readSettingsVersion(store, 'other', 1)).toBeNull();
    expect(await listSettingsVersions(store, 'default')).toEqual([
      { version: 2, author: 'who saved b', createdAt: NOW },
      { version: 1, author: 'who saved a', createdAt: NOW },
    ]);
  });

  it('gives a document back in the same order of keys, whatever the store does to it', async () => {
    await save('a');
    expect(JSON.stringify((await newest())?.settings)).toBe(JSON.stringify(withPrefix('a')));
  });

  it('refuses what was made from another version than the newest, and saves nothing', async () => {
    expect(await save('a', 0)).toBe(1);
    expect(await save('b', 1)).toBe(2);
    const error = await save('c', 1).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SettingsChangedError);
    expect(error).toMatchObject({ code: 'SETTINGS_CHANGED', expected: 1, actual: 2 });
    expect((await newest())?.settings).toEqual(withPrefix('b'));
  });

  it('lets one of two through that save on the same version at once', async () => {
    const outcomes = await Promise.allSettled([save('a', 0), save('b', 0), save('c', 0)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(SettingsChangedError);
    }
    expect(await listSettingsVersions(store, 'default')).toHaveLength(1);
  });

  it('saves all that name no version, one after the other', async () => {
    const versions = await Promise.all(['a', 'b', 'c', 'd'].map((prefix) => save(prefix)));
    expect(versions.sort()).toEqual([1, 2, 3, 4]);
  });

  it('wakes parked bookings with a save, and not with one that is refused', async () => {
    await store.query(
      `insert into booking (id, team_id, source_id, root_key, revision, state, status, parts, created_at, updated_at)
       values (gen_random_uuid(), 'default', 'cal', 'k', 1, '{}', 'Scheduled', '{"person":{"state":"parked"}}', $1, $1)`,
      [NOW.toISOString()],
    );
    const dueAt = async () =>
      (await store.query<{ due_at: Date | null }>(`select due_at from booking where root_key = 'k'`)).rows[0]?.due_at;
    await expect(save('a', 7)).rejects.toThrow('the newest version is 0, not 7');
    expect(await dueAt()).toBeNull();
    await save('a');
    expect(await dueAt()).toEqual(NOW);
    await store.query(`delete from booking where root_key = 'k'`);
  });
});
