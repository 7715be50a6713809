import type { OrderResult } from '../../admin/orders/orders';
import { addressFault } from '../../admin/test-source';
import { html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form } from './layout';
import { isSystem, systemName } from './system-name';
import { ago, counted } from './words';

type Created = OrderResult<'createSource'>;
type Details = OrderResult<'getSource'>;
type Instructions = Details['instructions'];

/** A new source: the only page that ever shows its secret. */
export function createdView({ created, csrf }: { created: Created; csrf: string }): Html {
  const { id, kind, webhookUrl, secret, instructions } = created;
  return html`<p class="crumb"><a href="/console/sources">Sources</a></p>
    <h1>${id} is created</h1>
    <section class="card">
      <dl class="facts secret">
        <div>
          <dt>Address</dt>
          <dd><code>${webhookUrl}</code></dd>
        </div>
        <div>
          <dt>Secret</dt>
          <dd><code>${secret}</code></dd>
        </div>
      </dl>
      <div class="notice warn">
        ${ICONS.warning}
        <p>The secret is not shown again: copy it now.</p>
      </div>
      ${
        addressFault(webhookUrl) !== null &&
        html`<div class="notice warn">
          ${ICONS.warning}
          <p>From outside nobody reaches this address yet: set <code>PUBLIC_URL</code> to one that is https.</p>
        </div>`
      }
    </section>
    ${stepsCard(kind, instructions)} ${testForm(id, csrf)}`;
}

/** A source as it is, and how its system is set up. */
export function sourceView({
  source,
  now,
  csrf,
  mayChange,
}: {
  source: Details;
  now: Date;
  csrf: string;
  mayChange: boolean;
}): Html {
  const { id, kind, webhookUrl, lastDeliveryAt, last24Hours, completeAfterMinutes, instructions } = source;
  return html`<p class="crumb"><a href="/console/sources">Sources</a></p>
    <div class="heading">
      <h1>${id} <span class="pill calm">${systemName(kind)}</span></h1>
      ${testForm(id, csrf)}
    </div>
    <section class="card">
      <dl class="facts wide">
        <div>
          <dt>Address</dt>
          <dd><code>${webhookUrl}</code></dd>
        </div>
        <div>
          <dt>Last webhook</dt>
          <dd>${lastDeliveryAt === null ? 'never' : ago(lastDeliveryAt, now)}</dd>
        </div>
        <div>
          <dt>In 24 hours</dt>
          <dd>${last24Hours.stored} stored, ${last24Hours.ignored} ignored, ${last24Hours.refused} refused</dd>
        </div>
        <div>
          <dt>Completed</dt>
          <dd>
            ${
              completeAfterMinutes === null
                ? 'when the system says so'
                : `by the clock, ${completeAfterMinutes === 0 ? 'at' : `${counted(completeAfterMinutes, 'minute')} after`} the end`
            }
          </dd>
        </div>
        <div>
          <dt>Secret</dt>
          <dd>${rotation(source, csrf, mayChange)}</dd>
        </div>
      </dl>
      <p><a href="/console/bookings?source=${id}">Its bookings</a></p>
    </section>
    ${customerPage(source, csrf, mayChange)} ${stepsCard(kind, instructions)}`;
}

/** What "View customer" opens for customers of the source, and a form to change it. */
function customerPage({ id, customerPage: address }: Details, csrf: string, mayChange: boolean): Html {
  const own = html`<p>
    ${address === null ? "The connector's own page: what the customer has booked, read only." : html`<code>${address}</code>`}
  </p>`;
  const fields = html`<div class="field">
      <label for="customerPage">Address of a customer's page in the system</label>
      <input
        id="customerPage"
        name="customerPage"
        type="text"
        value="${address ?? ''}"
        placeholder="https://app.example.com/customers/{customer.id}"
        maxlength="1000"
        spellcheck="false"
        autocomplete="off"
        aria-describedby="customerPageHint"
      />
      <p class="hint" id="customerPageHint">
        <code>{customer.id}</code> stands for the system's own id of the customer, <code>{customer.email}</code> for the
        e-mail address. Empty: the connector's own page.
      </p>
    </div>
    <p class="actions"><button class="button" type="submit">Save</button></p>`;
  return html`<section class="card" aria-labelledby="customers">
    <h2 id="customers">What "View customer" opens</h2>
    ${mayChange ? form(`/console/sources/${id}/customer-page`, csrf, fields) : own}
  </section>`;
}

function rotation({ id, secrets }: Details, csrf: string, mayChange: boolean): Html {
  const action = `/console/sources/${id}/rotate`;
  const buttonOf = (content: Html): Html | false => mayChange && form(action, csrf, content);
  if (secrets > 1) {
    return html`two are accepted: enter the newer one in the system, then drop the old one.
    ${buttonOf(html`<input type="hidden" name="finish" value="yes" /><button class="button" type="submit">Drop the old secret</button>`)}`;
  }
  return html`one, which is not shown again.
  ${buttonOf(html`<button class="button" type="submit">Add a new secret</button>`)}`;
}

/** A new secret of a source, shown once. */
export function secretView({ id, secret }: { id: string; secret: string }): Html {
  return html`<p class="crumb"><a href="/console/sources/${id}">${id}</a></p>
    <h1>New secret of ${id}</h1>
    <section class="card">
      <dl class="facts secret">
        <div>
          <dt>Secret</dt>
          <dd><code>${secret}</code></dd>
        </div>
      </dl>
      <div class="notice warn">
        ${ICONS.warning}
        <p>
          It is not shown again: enter it in the scheduling system now. The old one is accepted too, until you drop it
          on the <a href="/console/sources/${id}">page of the source</a>.
        </p>
      </div>
    </section>`;
}

/** What a test of a source came to. */
export function testView({ test, csrf }: { test: OrderResult<'testSource'>; csrf: string }): Html {
  const { id, isPassed, said, proves, doesNotProve } = test;
  return html`<p class="crumb"><a href="/console/sources/${id}">${id}</a></p>
    <h1>Test of ${id}</h1>
    <section class="card">
      <div class="notice ${isPassed ? 'good' : 'bad'}" role="status">
        ${isPassed ? ICONS.check : ICONS.warning}
        <p>${said}</p>
      </div>
      ${proves.length > 0 && listOf('What it proves', proves)}
      ${doesNotProve.length > 0 && listOf('What it does not prove', doesNotProve)} ${testForm(id, csrf, 'Test again')}
    </section>`;
}

function listOf(title: string, items: string[]): Html {
  return html`<h2>${title}</h2>
    <ul class="bullets">
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>`;
}

function testForm(id: string, csrf: string, label = 'Send a test'): Html {
  return form(`/console/sources/${id}/test`, csrf, html`<button class="button" type="submit">${label}</button>`);
}

function stepsCard(kind: string, instructions: Instructions): Html | null {
  if (instructions.length === 0) return null;
  return html`<section class="card" aria-labelledby="steps">
    <h2 id="steps">What to do ${isSystem(kind) ? `in ${systemName(kind)}` : 'where the webhooks come from'}</h2>
    <ol class="setup">
      ${instructions.map(
        ({ text, values = [], undocumented }) =>
          html`<li>
            <p>${text}</p>
            ${values.length > 0 && html`<pre><code>${values.join('\n')}</code></pre>`}
            ${undocumented !== undefined && html`<p class="soft">Not documented: ${undocumented}.</p>`}
          </li>`,
      )}
    </ol>
  </section>`;
}
