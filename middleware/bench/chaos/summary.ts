import type { ChaosResult } from './run';

/** What one run came to, in numbers. */
export interface Summary {
  bookings: number;
  lost: number;
  doubled: number;
  wrong: number;
  pending: number;
  parkedUnexplained: number;
  parkedPlanted: number;
  apiCalls: number;
}

/** Counts what a run found. Pure. */
export function summaryOf({ findings, parkedUnexplained, ...result }: ChaosResult): Summary {
  const count = (kind: string): number => findings.filter((finding) => finding.kind === kind).length;
  return {
    bookings: result.bookings,
    ...{ lost: count('lost'), doubled: count('doubled'), wrong: count('wrong'), pending: result.pending },
    ...{ parkedUnexplained: parkedUnexplained.length, parkedPlanted: result.parkedPlanted, apiCalls: result.apiCalls },
  };
}
