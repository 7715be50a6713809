import { html, type Html } from '../html';

/** Waits for the person record of an e-mail address, and goes on to it as soon as it is there. */
export function waitingView(email: string, addressToAsk: string): Html {
  return html`<section class="card message waiting" data-wait-for="${addressToAsk}">
    <span class="spinner" aria-hidden="true"></span>
    <h1>No record of ${email} yet</h1>
    <p role="status">
      This page looks for a Lead, a Contact or a Person Account with that e-mail address, and opens it as soon as it is
      there.
    </p>
    <p class="late" hidden>
      It takes longer than usual. Whoever should write the record may be waiting for something: its log tells.
    </p>
    <p><a class="button" href="/">Go to the home page</a></p>
  </section>`;
}
