import { Router } from 'express';
import { refusalOf } from '../admin/refused';
import type { PageMaker } from './console-router';
import { settingsEditView, type EditedSettings } from './views/settings-edit-view';
import { settingsVersionView } from './views/settings-version-view';
import { settingsView } from './views/settings-view';
import type { Visit } from './visit';

/** What the admin decided: to look at, to change as a document, and to take back. */
export function settingsRoutes(page: PageMaker): Router {
  return Router()
    .get('/settings', page(showNewest))
    .get('/settings/export', page(download))
    .get(
      '/settings/edit',
      page(async (visit) => {
        const { version, settings } = await visit.order('exportSettings', {});
        showEditor(visit, { text: inText(settings), madeFrom: version, check: null });
      }),
    )
    .post('/settings', page(checkOrSave))
    .post('/settings/pages', page(switchPage))
    .get('/settings/versions/:version', page(showVersion))
    .post('/settings/rollback', page(rollBack));
}

function inText(settings: object): string {
  return JSON.stringify(settings, null, 2);
}

async function showNewest(visit: Visit): Promise<void> {
  const { version, settings } = await visit.order('exportSettings', {});
  const view = settingsView({
    version,
    settings,
    check: await visit.order('checkSettings', {}),
    versions: (await visit.order('listSettingsVersions', {})).versions,
    pages: await visit.order('listPages', {}),
    required: await requiredFields(visit),
    now: visit.now,
    csrf: visit.csrf,
    mayChange: visit.may('admin'),
  });
  visit.send('settings', 'Settings', view);
}

/** Null when no org can be asked: the check on the same page says why. */
async function requiredFields(visit: Visit) {
  try {
    return (await visit.order('requiredFields', {})).fields;
  } catch (error) {
    if (refusalOf(error) === null) throw error;
    return null;
  }
}

async function download(visit: Visit): Promise<void> {
  const { version, settings } = await visit.order('exportSettings', {});
  visit.res
    .attachment(`settings-${version}.json`)
    .type('json')
    .send(`${inText(settings)}\n`);
}

function showEditor(visit: Visit, edited: EditedSettings, status = 200): void {
  const view = settingsEditView({ ...edited, csrf: visit.csrf, maySave: visit.may('admin') });
  visit.send('settings', 'Change the settings', view, status);
}

/** Saves the document of the form, or only checks it; what refuses it is listed above it. */
async function checkOrSave(visit: Visit): Promise<void> {
  const text = visit.field('document');
  const madeFrom = Number(visit.field('madeFrom'));
  let document: unknown;
  try {
    document = JSON.parse(text) as unknown;
  } catch (error) {
    return showEditor(
      visit,
      { text, madeFrom, check: null, fault: `It is no JSON: ${(error as Error).message}.` },
      422,
    );
  }
  if (visit.field('do') !== 'save') {
    return showEditor(visit, { text, madeFrom, check: await visit.order('checkSettings', { document }) });
  }
  try {
    const { version } = await visit.order('importSettings', { document, expectedVersion: madeFrom });
    await visit.act('/settings', () =>
      Promise.resolve(`Saved as version ${version}. It counts from the next turn on.`),
    );
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null || refusal.kind === 'forbidden') throw error;
    if (refusal.kind !== 'invalid')
      return showEditor(visit, { text, madeFrom, check: null, fault: refusal.message }, 409);
    showEditor(visit, { text, madeFrom, check: await visit.order('checkSettings', { document }) }, 422);
  }
}

async function switchPage(visit: Visit): Promise<void> {
  const key = visit.field('key');
  const enabled = visit.field('enabled') === 'yes';
  await visit.act('/settings', async () => {
    const { version, settings } = await visit.order('exportSettings', {});
    const document = { ...settings, pages: { ...settings.pages, [key]: { ...settings.pages[key], enabled } } };
    await visit.order('importSettings', { document, expectedVersion: version });
    return `Bookings of ${key} are ${enabled ? 'written' : 'kept, and not written'} from the next turn on.`;
  });
}

async function showVersion(visit: Visit): Promise<void> {
  const version = Number(visit.req.params['version']);
  const { version: newest } = await visit.order('exportSettings', {});
  const { versions } = await visit.order('listSettingsVersions', {});
  const view = settingsVersionView({
    version,
    newest,
    info: versions.find((one) => one.version === version) ?? null,
    // What is not there is refused by the order.
    made:
      version === 0
        ? []
        : (await visit.order('diffSettings', { from: { version: version - 1 }, to: { version } })).changes,
    back: version === newest ? [] : (await visit.order('diffSettings', { from: {}, to: { version } })).changes,
    csrf: visit.csrf,
    mayChange: visit.may('admin'),
  });
  visit.send('settings', `Version ${version} of the settings`, view);
}

async function rollBack(visit: Visit): Promise<void> {
  const version = Number(visit.field('version'));
  await visit.act('/settings', async () => {
    const expectedVersion = Number(visit.field('expectedVersion'));
    const saved = await visit.order('rollBackSettings', { version, expectedVersion });
    return `Version ${version} counts again, saved as version ${saved.version}.`;
  });
}
