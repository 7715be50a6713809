import { readPages, readQuestions, type SeenPage } from '../booking/page.store';
import type { OrgView } from '../salesforce/org-view';
import { coverageOf, type Coverage } from '../settings/coverage';
import { fieldChoices, type FieldChoices } from '../settings/field-choices';
import { MAPPED_OBJECTS, sobjectOf, type MappedObject } from '../settings/objects';
import { pageKey } from '../settings/page-settings';
import { pageTemplate, type PageTemplate } from '../settings/page-template';
import { explainRequired, type RequiredField } from '../settings/required-field';
import { readSettings } from '../settings/settings.store';
import { DEFAULT_SETTINGS, type PageOverride, type Settings } from '../settings/settings';
import { scopesOf, useOf } from '../settings/use';
import type { AdminDeps } from './deps';
import { AdminRefusedError } from './refused';

/** A required field with what gives it its value. */
export interface CoveredField extends RequiredField {
  /** Whether the rules create records of the object at all, for the team or for any page. */
  isCreated: boolean;
  team: Coverage;
  /** Pages where it is different. */
  pages: Record<string, Coverage>;
}

/** A page as the admin sees it in the list. */
export interface ListedPage extends SeenPage {
  /** As the settings name it. */
  key: string;
  isEnabled: boolean;
  /** Whether the settings have something of its own for it. */
  hasOverrides: boolean;
}

/**
 * The fields of an object that rows may write, and those that they may not, with the reason.
 * @throws AdminRefusedError when no org is connected, or the API user does not see the object.
 */
export async function readFieldChoices(deps: AdminDeps, { object }: { object: MappedObject }): Promise<FieldChoices> {
  const choices = fieldChoices(object, await getView(deps));
  if (choices !== null) return choices;
  throw new AdminRefusedError(
    `The org has no object ${sobjectOf(object)}, or the API user may not see it. Give the API user read access to it.`,
  );
}

/**
 * Required fields of an object, or of each object that the rules create, with what covers them.
 * @throws AdminRefusedError when no org is connected.
 */
export async function readRequiredFields(
  deps: AdminDeps,
  { object }: { object?: MappedObject | undefined },
): Promise<{ fields: CoveredField[] }> {
  const [view, settings] = [await getView(deps), await newestSettings(deps)];
  const [team, ...pages] = scopesOf(settings);
  if (team === undefined) throw new Error('Settings without a scope for the team.');
  const isCreated = (each: MappedObject): boolean =>
    [team, ...pages].some(({ settings: { rules, mappings } }) => useOf(each, rules, mappings[each]).isCreated);
  const objects = object === undefined ? MAPPED_OBJECTS.filter(isCreated) : [object];
  const fields = objects
    .flatMap((each) => explainRequired(each, view))
    .map((field) => {
      const ofTeam = coverageOf(field, team.settings);
      const different = pages
        .map(({ pageKey: key, settings: ofPage }) => [key ?? '', coverageOf(field, ofPage)] as const)
        .filter(([, { by, mayBeEmpty }]) => by !== ofTeam.by || mayBeEmpty !== ofTeam.mayBeEmpty);
      return { ...field, isCreated: isCreated(field.object), team: ofTeam, pages: Object.fromEntries(different) };
    });
  return { fields };
}

/** The pages that bookings are of, and those that only the settings name, with what the settings say of them. */
export async function listPages(deps: AdminDeps): Promise<{ newPages: 'on' | 'off'; pages: ListedPage[] }> {
  const [seen, settings] = [await readPages(deps.store, deps.teamId), await newestSettings(deps)];
  const pages = seen.map((page) => {
    const key = pageKey(page.sourceId, page.pageId);
    return { key, ...page, ...stateOf(settings, key) };
  });
  return { newPages: settings.newPages, pages };
}

/**
 * Settings of a page to start from, with a row for each required field that nothing fills for sure.
 * @param key `<source id>:<page id>`.
 * @throws AdminRefusedError when no org is connected.
 */
export async function readPageTemplate(
  deps: AdminDeps,
  { key }: { key: string },
): Promise<{ key: string } & PageTemplate> {
  const { sourceId, pageId } = partsOf(key);
  const [view, settings] = [await getView(deps), await newestSettings(deps)];
  const seen = (await readPages(deps.store, deps.teamId)).find(
    (page) => page.sourceId === sourceId && page.pageId === pageId,
  );
  const answers = await readQuestions(deps.store, { teamId: deps.teamId, sourceId, pageId });
  return { key, ...pageTemplate(settings, own(settings, key), { name: seen?.name ?? null, answers }, view) };
}

function partsOf(key: string): { sourceId: string; pageId: string } {
  const at = key.indexOf(':');
  if (at > 0 && at < key.length - 1) return { sourceId: key.slice(0, at), pageId: key.slice(at + 1) };
  throw new AdminRefusedError(`Expected a page as <source id>:<page id>, got "${key}".`);
}

function own(settings: Settings, key: string): PageOverride | undefined {
  return Object.hasOwn(settings.pages, key) ? settings.pages[key] : undefined;
}

function stateOf(settings: Settings, key: string): Pick<ListedPage, 'isEnabled' | 'hasOverrides'> {
  const page = own(settings, key);
  return {
    isEnabled: page?.enabled ?? settings.newPages === 'on',
    hasOverrides: page?.rules !== undefined || page?.mappings !== undefined || page?.required !== undefined,
  };
}

async function getView({ org, teamId }: AdminDeps): Promise<OrgView> {
  const view = await org.view(teamId);
  if (view !== null) return view;
  throw new AdminRefusedError(
    'No org is connected yet. Set SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET, and start the server.',
  );
}

async function newestSettings({ store, teamId }: AdminDeps): Promise<Settings> {
  return (await readSettings(store, [teamId])).get(teamId)?.settings ?? DEFAULT_SETTINGS;
}
