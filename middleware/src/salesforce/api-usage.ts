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
