const OLDEST = 31;
const NEWEST = 68;
const SEASONS = ['Summer', 'Winter', 'Spring'];

/** `GET /services/data`: the API versions, three a year, from Summer '14 (31.0) to Winter '27 (68.0). */
export function versionList(): { label: string; url: string; version: string }[] {
  return Array.from({ length: NEWEST - OLDEST + 1 }, (_, n) => {
    // Winter and Spring releases carry the number of the year that they lead into.
    const year = 14 + Math.ceil(n / 3);
    const version = `${OLDEST + n}.0`;
    return { label: `${SEASONS[n % 3] ?? ''} '${year}`, url: `/services/data/v${version}`, version };
  });
}
