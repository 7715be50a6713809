import type { Db } from '../store/db';

/** How long the store may take to answer the question whether it is there. */
const LONGEST_MS = 2_000;

/** @throws Error when the store does not answer, or takes longer than 2 seconds. */
export async function pingStore(store: Db): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${LONGEST_MS} ms.`)), LONGEST_MS);
  });
  await Promise.race([store.query('select 1'), late]).finally(() => clearTimeout(timer));
}
