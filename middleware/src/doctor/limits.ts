import type { ApiUsage } from '../salesforce/api-usage';

/** How far clocks may be apart: the time of an answer is told in whole seconds, and webhooks are good for five minutes. */
export const SKEW_LIMIT_MS = 60_000;

/** Which part of the day's API calls is left, 0 to 1. */
export function remainingShare({ used, max }: ApiUsage): number {
  return max === 0 ? 0 : Math.max(0, (max - used) / max);
}
