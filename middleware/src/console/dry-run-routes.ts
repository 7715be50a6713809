import { Router } from 'express';
import { refusalOf } from '../admin/refused';
import type { PageMaker } from './console-router';
import { readJsonText } from './json-text';
import { dryRunView, type DryRunForm, type DryRunResult } from './views/dry-run-view';
import type { Visit } from './visit';

const EMPTY: DryRunForm = { source: '', body: '', last: '20', asNew: false, document: '' };

/** What a booking would become, and what other settings would change; nothing is written. */
export function dryRunRoutes(page: PageMaker): Router {
  return Router()
    .get(
      '/dry-run',
      page((visit) => show(visit, EMPTY, null)),
    )
    .post(
      '/dry-run',
      page((visit) => {
        const form = { ...EMPTY, source: visit.field('source'), body: visit.field('body') };
        return showResult(visit, form, async () => ({
          of: 'body',
          answer: await visit.order('dryRunBody', { source: form.source, body: form.body }),
        }));
      }),
    )
    .post(
      '/dry-run/latest',
      page((visit) => {
        const form = {
          ...EMPTY,
          last: visit.field('last'),
          asNew: visit.field('asNew') === 'yes',
          document: visit.field('document'),
        };
        return showResult(visit, form, async () => ({
          of: 'latest',
          answer: await visit.order('dryRunLatest', {
            last: Number(form.last),
            asNew: form.asNew,
            document: readJsonText(form.document),
          }),
        }));
      }),
    );
}

/** A refusal is told above the form, which keeps what was typed. */
async function showResult(visit: Visit, form: DryRunForm, work: () => Promise<DryRunResult>): Promise<void> {
  try {
    await show(visit, form, await work());
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null || refusal.kind === 'forbidden') throw error;
    await show(visit, form, { of: 'refusal', message: refusal.message }, 422);
  }
}

async function show(visit: Visit, form: DryRunForm, result: DryRunResult | null, status = 200): Promise<void> {
  const { sources } = await visit.order('listSources', {});
  const { kinds } = await visit.order('listKinds', {});
  const document =
    form.document === '' ? JSON.stringify((await visit.order('exportSettings', {})).settings, null, 2) : form.document;
  const view = dryRunView({
    sources: sources.map(({ id }) => id),
    kinds,
    form: { ...form, document },
    result,
    csrf: visit.csrf,
  });
  visit.send('dryRun', 'Dry run', view, status);
}
