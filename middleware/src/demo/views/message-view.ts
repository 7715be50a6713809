import { html, type Html } from '../../page/html';

/** A page that says one thing and leads back. */
export function messageView(title: string, text: string): Html {
  return html`<section class="card narrow message">
    <h1>${title}</h1>
    <p>${text}</p>
    <p><a class="button quiet" href="/">See what can be booked</a></p>
  </section>`;
}
