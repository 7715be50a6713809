import { Router } from 'express';
import { refusalOf, type FieldFault } from '../admin/refused';
import type { PageMaker } from './console-router';
import { readJsonText } from './json-text';
import { newSourceView, sourcesView, type SourceForm } from './views/sources-view';
import { createdView, secretView, sourceView, testView } from './views/source-view';
import type { Visit } from './visit';

/** Scheduling systems: what came from them, a test of each, and new ones. */
export function sourceRoutes(page: PageMaker): Router {
  return Router()
    .get(
      '/sources',
      page(async (visit) => {
        const { sources } = await visit.order('listSources', {});
        const view = sourcesView({ sources, now: visit.now, csrf: visit.csrf, mayCreate: visit.may('admin') });
        visit.send('sources', 'Sources', view);
      }),
    )
    .get(
      '/sources/new',
      page((visit) => showForm(visit, EMPTY, [])),
    )
    .post('/sources', page(create))
    .get(
      '/sources/:id',
      page((visit) => showSource(visit)),
    )
    .post(
      '/sources/:id/test',
      page(async (visit) => {
        const test = await visit.order('testSource', { id: idOf(visit) });
        visit.send('sources', `Test of ${test.id}`, testView({ test, csrf: visit.csrf }));
      }),
    )
    .post('/sources/:id/rotate', page(rotate))
    .post(
      '/sources/:id/customer-page',
      page((visit) =>
        visit.act(`/sources/${encodeURIComponent(idOf(visit))}`, async () => {
          const customerPage = visit.field('customerPage') || null;
          await visit.order('updateSource', { id: idOf(visit), customerPage });
          return customerPage === null
            ? '"View customer" opens the page of this connector.'
            : `"View customer" opens ${customerPage}.`;
        }),
      ),
    );
}

const EMPTY: SourceForm = { id: '', kind: '', mapping: '' };

function idOf({ req }: Visit): string {
  return String(req.params['id']);
}

async function showSource(visit: Visit): Promise<void> {
  const source = await visit.order('getSource', { id: idOf(visit) });
  const view = sourceView({ source, now: visit.now, csrf: visit.csrf, mayChange: visit.may('admin') });
  visit.send('sources', source.id, view);
}

async function showForm(visit: Visit, form: SourceForm, faults: FieldFault[]): Promise<void> {
  const { kinds } = await visit.order('listKinds', {});
  const view = newSourceView({ kinds, form, faults, csrf: visit.csrf });
  visit.send('sources', 'New source', view, faults.length > 0 ? 422 : 200);
}

async function create(visit: Visit): Promise<void> {
  const form: SourceForm = { id: visit.field('id'), kind: visit.field('kind'), mapping: visit.field('mapping') };
  const secret = visit.field('secret');
  try {
    const created = await visit.order('createSource', {
      id: form.id,
      kind: form.kind,
      ...(secret === '' ? {} : { secret }),
      ...(form.mapping === '' ? {} : { mapping: readJsonText(form.mapping) }),
    });
    // No redirect: the secret is shown now and never again.
    visit.send('sources', `${created.id} is created`, createdView({ created, csrf: visit.csrf }), 201);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null || refusal.kind === 'forbidden') throw error;
    await showForm(visit, form, refusal.faults.length > 0 ? refusal.faults : [{ field: 'id', error: refusal.message }]);
  }
}

async function rotate(visit: Visit): Promise<void> {
  const id = idOf(visit);
  if (visit.field('finish') === 'yes') {
    return visit.act(`/sources/${encodeURIComponent(id)}`, async () => {
      await visit.order('rotateSource', { id, finish: true });
      return 'The old secret is dropped.';
    });
  }
  const { secret } = await visit.order('rotateSource', { id, finish: false });
  visit.send('sources', `New secret of ${id}`, secretView({ id, secret: secret ?? '' }));
}
