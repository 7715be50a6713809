import { Router } from 'express';
import type { PageMaker } from './console-router';
import { problemsView } from './views/problems-view';
import { counted } from './views/words';

/** What waits for a human, by cause. */
export function problemRoutes(page: PageMaker): Router {
  return Router()
    .get(
      '/problems',
      page(async (visit) => {
        const { problems } = await visit.order('listProblems', {});
        visit.send('problems', 'Waiting for you', problemsView({ problems, csrf: visit.csrf, now: visit.now }));
      }),
    )
    .post(
      '/problems/:id/retry',
      page((visit) =>
        visit.act('/problems', async () => {
          const { retried } = await visit.order('retryProblem', { id: String(visit.req.params['id']) });
          return `${counted(retried, 'booking')} tried again. Reload in a moment to see what came of it.`;
        }),
      ),
    );
}
