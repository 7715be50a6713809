import type { StoredRecord } from '../records/table';
import type { Form } from './token-endpoint';

/** The page where a user of the org lets an app in: which user, and yes or no. */
export function consentPage(form: Form, users: StoredRecord[], selectedId: string): string {
  const hidden = Object.entries(form)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  const options = users
    .map((user) => {
      const selected = user.Id === selectedId ? ' selected' : '';
      const label = `${String(user.Name)} (${String(user.Username)})`;
      return `<option value="${user.Id}"${selected}>${escapeHtml(label)}</option>`;
    })
    .join('');
  return page(
    'Allow access?',
    `<form method="post" action="/services/oauth2/authorize">${hidden}
<p><label for="user">Sign in to the emulated org as</label> <select id="user" name="emulator_user">${options}</select></p>
<p>The app asks for: ${escapeHtml(form.scope ?? 'its default scopes')}</p>
<p><button name="emulator_decision" value="allow">Allow</button> <button name="emulator_decision" value="deny">Deny</button></p>
</form>`,
  );
}

/** The page on which a refusal ends that the app never learns of. */
export function refusalPage(error: string, description: string): string {
  return page('OAuth error', `<p>error=${escapeHtml(error)}&amp;error_description=${escapeHtml(description)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
