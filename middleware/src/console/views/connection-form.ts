import type { FieldFault } from '../../admin/refused';
import { attribute, html, type Html } from '../../page/html';
import { ICONS } from './icons';
import { form as formOf } from './layout';

type Flow = 'authorizationCode' | 'clientCredentials' | 'jwtBearer';

/** What was typed into the form; never a secret, which is typed again. */
export interface ConnectionForm {
  id: string;
  flow: Flow;
  host: string;
  clientId: string;
  username: string;
}

/** A form nobody typed anything into. */
export const EMPTY_CONNECTION: ConnectionForm = {
  id: '',
  flow: 'authorizationCode',
  host: '',
  clientId: '',
  username: '',
};

const FLOWS: Record<Flow, [title: string, when: string]> = {
  authorizationCode: [
    'Allow it in a browser',
    'You sign in to Salesforce as the API user, once. For users who can sign in to pages. OAuth calls it authorization code.',
  ],
  clientCredentials: [
    'With the secret of the app',
    'Nobody signs in: the app names the user it runs as. For API-only users. OAuth calls it client credentials.',
  ],
  jwtBearer: [
    'With a key',
    'Nobody signs in, and no secret leaves this server: the app gets a certificate. OAuth calls it JWT bearer.',
  ],
};

/** The form of a new connection, with what is wrong beside each field. */
export function connectionForm({
  form,
  faults,
  csrf,
}: {
  form: ConnectionForm;
  faults: FieldFault[];
  csrf: string;
}): Html {
  const name = input('id', 'Name', form.id, {
    faults,
    hint: 'What you call this org here, such as "sandbox". Lower-case letters, digits and hyphens. It can never be changed.',
  });
  return html`<p class="crumb"><a href="/console/salesforce">Salesforce</a></p>
    <h1>Connect an org</h1>
    ${
      faults.length > 0 &&
      html`<div class="notice bad" role="alert">
        ${ICONS.warning}
        <p>It was not connected: look at what is wrong below.</p>
      </div>`
    }
    <section class="card narrow">
      <p class="soft">
        The org has to know the connector first, by an External Client App of your own. docs/external-client-app.md
        shows each click; it takes ten minutes.
      </p>
      ${formOf(
        '/console/salesforce',
        csrf,
        html`${name} ${connectionFields(form, faults, { isNew: true })}
          <p class="actions">
            <button class="button brand-button" type="submit">Connect</button>
            <a class="button" href="/console/salesforce">Cancel</a>
          </p>`,
      )}
    </section>`;
}

/** How an org is signed in to, as fields. */
export function connectionFields(form: ConnectionForm, faults: FieldFault[], { isNew }: { isNew: boolean }): Html {
  const stays = isNew ? '' : ' Left empty, it stays as it is.';
  return html`<fieldset class="choices">
      <legend>How it signs in</legend>
      ${Object.entries(FLOWS).map(
        ([flow, [title, words]]) =>
          html`<label class="choice">
            <input type="radio" name="flow" value="${flow}" ${attribute('checked', flow === form.flow)} />
            <span><strong>${title}</strong><span class="below">${words}</span></span>
          </label>`,
      )}
      ${faultOf('flow', faults)}
    </fieldset>
    ${input('host', 'Address of the org', form.host, {
      faults,
      hint: 'Its My Domain, as example.my.salesforce.com or example--uat.sandbox.my.salesforce.com (Setup, My Domain). Or "login" for production and "test" for sandboxes, but not with the secret of the app.',
    })}
    ${input('clientId', 'Consumer key', form.clientId, {
      faults,
      hint: 'In the settings of the app, under OAuth Settings: Consumer Key and Secret.',
    })}
    ${input('clientSecret', 'Consumer secret', '', {
      faults,
      isSecret: true,
      hint: `Beside the key. Kept encrypted, and never shown again. Not used with a key of your own.${stays}`,
    })}
    ${input('username', 'Username of the API user', form.username, {
      faults,
      isOptional: true,
      hint: 'With a key only.',
    })}
    <div class="field">
      <label for="privateKey">Private key <span class="soft">optional, with a key only</span></label>
      <textarea
        id="privateKey"
        name="privateKey"
        rows="3"
        spellcheck="false"
        autocomplete="off"
        aria-describedby="privateKey-hint"
      ></textarea>
      <p class="hint" id="privateKey-hint">
        ${isNew ? 'Left empty, one is made here, with a certificate to upload to the app.' : 'Left empty, it stays as it is.'}
        Else an RSA key of yours in PEM form, without a passphrase.
      </p>
      ${faultOf('privateKey', faults)}
    </div>`;
}

function input(
  name: string,
  label: string,
  value: string,
  {
    faults,
    hint,
    isSecret = false,
    isOptional = isSecret,
  }: { faults: FieldFault[]; hint: string; isSecret?: boolean; isOptional?: boolean },
): Html {
  const isWrong = faults.some(({ field }) => field === name);
  return html`<div class="field">
    <label for="${name}">${label}${isOptional && !isSecret && html` <span class="soft">optional</span>`}</label>
    <input
      id="${name}"
      name="${name}"
      value="${value}"
      type="${isSecret ? 'password' : 'text'}"
      autocomplete="${isSecret ? 'new-password' : 'off'}"
      spellcheck="false"
      aria-describedby="${name}-hint${isWrong && ` ${name}-fault`}"
      ${attribute('required', !isOptional)}
      ${attribute('aria-invalid', isWrong ? 'true' : null)}
    />
    <p class="hint" id="${name}-hint">${hint}</p>
    ${faultOf(name, faults)}
  </div>`;
}

function faultOf(name: string, faults: FieldFault[]): Html | null {
  const fault = faults.find(({ field }) => field === name);
  return fault === undefined ? null : html`<p class="fault" id="${name}-fault">${fault.error}</p>`;
}
