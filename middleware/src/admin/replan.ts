import { replanFuture } from '../booking/release.store';
import type { AdminDeps } from './deps';
import { AdminRefusedError } from './refused';

/**
 * Has the present settings count for bookings that are still to come, also for those that were written before: they are
 * read, planned and written as far as something differs.
 *
 * @param page of one page only, named as in the settings (`<source id>:<page id>`); null for all.
 * @throws AdminRefusedError when the page is not named so.
 */
export async function replan(
  { store, teamId, now, wake }: AdminDeps,
  { page }: { page: string | null },
): Promise<{ replanned: number }> {
  const replanned = await replanFuture(store, { teamId, page: page === null ? null : pageOf(page) }, now());
  wake();
  return { replanned };
}

function pageOf(key: string): { sourceId: string; pageId: string } {
  const [, sourceId, pageId] = /^([a-z0-9-]+):(.+)$/s.exec(key) ?? [];
  if (sourceId !== undefined && pageId !== undefined) return { sourceId, pageId };
  throw new AdminRefusedError(`A page is named as in the settings, <source id>:<page id>, not "${key}".`);
}
