import type { OrgView } from '../salesforce/org-view';
import type { Settings } from '../settings/settings';
import { findingKey, type Finding } from './finding';
import { schemaFindings } from './schema-findings';
import { pageScopes } from './scopes';
import { settingsFindings } from './settings-findings';

/**
 * What in an org strikes what a team's settings use, with the pages that are struck: that which makes bookings fail,
 * whenever it came, and that which takes something from them, since the remembered schema. Describe shows neither
 * validation rules nor layouts nor triggers. Pure.
 *
 * @param before the org as remembered: as it was when nothing was found of a thing (see `rebased`). Null at first.
 * @param seen pages that bookings were of: `<source id>:<page id>`.
 * @returns errors first.
 */
export function findDrift(
  before: OrgView | null,
  now: OrgView,
  settings: Settings,
  seen: readonly string[],
): Finding[] {
  const found = new Map<string, Finding>();
  for (const scope of pageScopes(settings, seen)) {
    const ofScope = [
      ...settingsFindings(scope, before, now),
      ...(before === null ? [] : schemaFindings(scope, before, now)),
    ];
    for (const finding of ofScope) {
      const struck = { ...finding, pages: scope.pages, isTeamWide: scope.isTeamWide };
      const key = findingKey(struck);
      const known = found.get(key);
      // A record of Account may be meant by two of the settings' objects: that is one finding.
      found.set(key, known === undefined ? struck : merged(known, struck));
    }
  }
  const findings = [...found.values()];
  return [
    ...findings.filter(({ severity }) => severity === 'error'),
    ...findings.filter(({ severity }) => severity === 'warning'),
  ];
}

function merged(known: Finding, more: Finding): Finding {
  return {
    ...known,
    severity: known.severity === 'error' ? 'error' : more.severity,
    pages: [...new Set([...known.pages, ...more.pages])],
    isTeamWide: known.isTeamWide || more.isTeamWide,
  };
}
