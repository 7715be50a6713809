import { settingsForPage, type PageSettings } from '../settings/page-settings';
import type { Settings } from '../settings/settings';

/** Settings as they count for some pages. */
export interface PagesScope {
  /** `<source id>:<page id>`. */
  pages: string[];
  /** They are the team's own: pages that nobody has seen yet follow them too. */
  isTeamWide: boolean;
  settings: PageSettings;
}

/**
 * The settings of a team, and of each page that has something of its own; pages that are switched off are left out. Pure.
 *
 * @param seen pages that bookings were of.
 */
export function pageScopes(settings: Settings, seen: readonly string[]): PagesScope[] {
  const { rules, mappings, required, placeholders } = settings;
  const team: PagesScope = {
    pages: [],
    isTeamWide: true,
    settings: { isEnabled: true, rules, mappings, required, placeholders },
  };
  const own: PagesScope[] = [];
  for (const page of new Set([...Object.keys(settings.pages), ...seen])) {
    const at = page.indexOf(':');
    const ofPage = settingsForPage(settings, page.slice(0, at), page.slice(at + 1));
    if (!ofPage.isEnabled) continue;
    const override = settings.pages[page];
    const hasOwn = [override?.rules, override?.mappings, override?.required].some((part) => part !== undefined);
    if (hasOwn) own.push({ pages: [page], isTeamWide: false, settings: ofPage });
    else team.pages.push(page);
  }
  return [team, ...own];
}

/** A document that holds for the pages of a scope alone, so that it can be checked by itself. Pure. */
export function documentOf({ settings }: PagesScope): Settings {
  const { rules, mappings, required, placeholders } = settings;
  return { newPages: 'on', rules, mappings, required, placeholders, pages: {} };
}
