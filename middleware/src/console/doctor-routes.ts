import { Router } from 'express';
import type { PageMaker } from './console-router';
import { doctorView } from './views/doctor-view';

/** What is right and wrong in the org, looked at each time that the page is opened; and the least permission set. */
export function doctorRoutes(page: PageMaker): Router {
  return Router()
    .get(
      '/doctor',
      page(async (visit) => {
        const { lines } = await visit.order('doctor', {});
        visit.send('doctor', 'Health of the org', doctorView({ lines, now: visit.now }));
      }),
    )
    .get(
      '/doctor/permission-set',
      page(async (visit) => {
        const { name, xml } = await visit.order('permissions', {
          links: visit.req.query.links === 'yes' ? 'yes' : 'no',
        });
        visit.res.attachment(`${name}.permissionset-meta.xml`).type('application/xml').send(xml);
      }),
    );
}
