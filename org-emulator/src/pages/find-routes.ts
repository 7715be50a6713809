import { Router } from 'express';
import { type PageResponder, SECURITY_HEADERS } from './page-responder';
import { pageContext } from './page-context';
import { findPerson, pathOf } from './reader';
import { waitingView } from './views/find-view';

const LOOK_AGAIN_AFTER_SECONDS = 3;

/** `/find?email=` goes to the person record of an e-mail address, and waits for it while there is none. */
export function findRoutes(respond: PageResponder): Router {
  const router = Router();

  router.get('/find', (req, res) => {
    const email = typeof req.query.email === 'string' ? req.query.email.trim().slice(0, 320) : '';
    if (email === '') {
      const text = 'The address needs an e-mail: ?email=ana@example.com';
      return respond.sendMessage(req, res, 400, 'Whom to find?', text);
    }
    const person = findPerson(pageContext(respond.org, req), email);
    if (person) return res.redirect(302, pathOf(person));
    const content = waitingView(email, `/lightning/find/record?email=${encodeURIComponent(email)}`);
    const lookAgainAfterSeconds = LOOK_AGAIN_AFTER_SECONDS;
    respond.send(req, res, { title: `Waiting for ${email}`, content, lookAgainAfterSeconds });
  });

  router.get('/find/record', (req, res) => {
    const { email } = req.query;
    const person = typeof email === 'string' ? findPerson(pageContext(respond.org, req), email) : undefined;
    res.set(SECURITY_HEADERS).json({ url: person ? pathOf(person) : null });
  });
  return router;
}
