import { html, type Html } from '../../page/html';
import { documentOf } from './layout';

/** A page for somebody who may not be signed in: it says one thing, and leads to the console. */
export function outsideView(title: string, text: string): Html {
  return outside(
    title,
    html`<p>${text}</p>
      <p><a href="/console">To the console</a></p>`,
  );
}

/** A single card in the middle of the page. */
export function outside(title: string, content: Html): Html {
  return documentOf(
    title,
    html`<main id="content" class="outside" tabindex="-1">
      <section class="card">
        <p class="brand"><img src="/console/assets/icon.svg" alt="" width="28" height="28" />Booking Connector</p>
        <h1>${title}</h1>
        ${content}
      </section>
    </main>`,
  );
}
