import { ENVIRONMENT_WORDS, type NamedOrg } from '../../sync/environment';
import { html, type Html } from '../../page/html';

/** Whether an org is production, a sandbox or something else, in a colour of its own. */
export function environmentBadge({ environment }: Pick<NamedOrg, 'environment'>): Html {
  return html`<span class="pill env ${environment}">${ENVIRONMENT_WORDS[environment]}</span>`;
}

/** The org that bookings go to, for the head of every page; null: they go to none. */
export function presentOrg(org: NamedOrg | null): Html {
  return org === null
    ? html`<span class="present-org soft">No org is connected</span>`
    : html`<span class="present-org" title="Bookings go to this org">${environmentBadge(org)} ${org.name}</span>`;
}
