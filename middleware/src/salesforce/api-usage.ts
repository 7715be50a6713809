/** API calls of an org in the last 24 hours, by all its integrations together. */
export interface ApiUsage {
  used: number;
  max: number;
}

/**
 * Reads `Sforce-Limit-Info`, as `api-usage=22/15000; per-app-api-usage=17/250(appName=x)`. The per-app part is left out:
 * the allowance that runs dry is the org's.
 *
 * The figure is a gauge with noise. An org was seen to answer 239, 241, 238, 240 within five seconds, so two readings
 * are never subtracted from each other.
 *
 * @returns null when the header is missing, as on answers without a body, or unreadable.
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm
 */
export function parseLimitInfo(header: string | null | undefined): ApiUsage | null {
  const [, used, max] = /(?:^|[;,\s])api-usage=(\d+)\/(\d+)/.exec(header ?? '') ?? [];
  return used === undefined || max === undefined ? null : { used: Number(used), max: Number(max) };
}

/** The gauge as it is believed: readings smoothed, and when the newest was seen. */
export interface Gauge extends ApiUsage {
  seenAt: Date;
}

/** What a reading may be off by and still be taken for noise: of the allowance, and at least in calls. */
const NOISE_SHARE = 0.01;
const NOISE_CALLS = 20;
/** How much a reading counts that follows at once; one after a minute or more counts wholly. */
const LEAST_WEIGHT = 0.25;
const FORGET_MS = 60_000;

/**
 * Takes a reading into the gauge. Small differences are smoothed, for the platform's figure is some calls off either
 * way; a large one, or another allowance, is news and believed at once. Pure.
 */
export function smoothUsage(known: Gauge | null, { used, max }: ApiUsage, seenAt: Date): Gauge {
  if (known === null || known.max !== max || Math.abs(used - known.used) > Math.max(NOISE_CALLS, max * NOISE_SHARE)) {
    return { used, max, seenAt };
  }
  const ageMs = Math.max(0, seenAt.getTime() - known.seenAt.getTime());
  const weight = Math.max(LEAST_WEIGHT, Math.min(1, ageMs / FORGET_MS));
  return { used: known.used + (used - known.used) * weight, max, seenAt };
}
