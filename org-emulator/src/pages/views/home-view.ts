import { html, type Html } from '../html';
import type { PageContext } from '../page-context';
import { PAGE_OBJECTS } from '../page-objects';
import { liveRows, searchRows } from '../reader';
import { orgName } from './layout';
import { listCard } from './list-view';
import { recordLink } from './value-view';

const NEWEST = 5;
const NEWEST_COLUMNS = 3;
const FOUND = 50;
const FOUND_COLUMNS = 5;

/** The first page: what this is, who is there, and the newest records of each object. */
export function homeView(context: PageContext): Html {
  const users = liveRows(context, 'User').reverse();
  return html`<div class="page-head">
      <h1>${orgName(context.org)}</h1>
      <p>
        This is an emulator: it answers the Salesforce REST API on this machine, keeps its records in memory and forgets
        them when it stops. What is written through the API shows here by itself.
      </p>
    </div>
    <div class="home">
      <div class="lists" data-live="/lightning/parts/home">${homeLists(context)}</div>
      <aside class="card users" aria-labelledby="users">
        <header>
          <h2 id="users">Users <span class="count">(${users.length})</span></h2>
        </header>
        <ul>
          ${users.map(
            (row) =>
              html`<li>
                <span
                  >${recordLink(context, row.Id)}${row.IsActive !== true && html` <span class="badge">Inactive</span>`}</span
                >
                <span class="quiet">${String(row.Email)}</span>
                <span class="quiet">${typeof row.ProfileId === 'string' && profileName(context, row.ProfileId)}</span>
              </li>`,
          )}
        </ul>
      </aside>
    </div>`;
}

/** The newest records of each object: the part of the home page that changes by itself. */
export function homeLists(context: PageContext): Html {
  return html`${PAGE_OBJECTS.map(({ sobject }) => {
    const object = context.object(sobject);
    if (!object) return null;
    const { labelPlural } = object.flags;
    const whenEmpty = `No ${labelPlural} yet.`;
    return listCard(context, object, liveRows(context, sobject), {
      heading: labelPlural,
      limit: NEWEST,
      columns: NEWEST_COLUMNS,
      whenEmpty,
    });
  })}`;
}

/** What a search found, object by object. */
export function searchView(context: PageContext, text: string): Html {
  const found = PAGE_OBJECTS.flatMap(({ sobject }) => {
    const object = context.object(sobject);
    const rows = object ? searchRows(context, sobject, text) : [];
    return object && rows.length > 0 ? [{ object, rows }] : [];
  });
  return html`<div class="page-head">
      <h1>Search results</h1>
      <p>${found.length === 0 ? 'Nothing has' : 'Records with'} “${text}” in a name or an e-mail address.</p>
    </div>
    <div class="lists">
      ${found.map(({ object, rows }) =>
        listCard(context, object, rows, {
          heading: object.flags.labelPlural,
          limit: FOUND,
          columns: FOUND_COLUMNS,
          whenEmpty: '',
        }),
      )}
    </div>`;
}

function profileName({ org }: PageContext, id: string): string | null {
  const name = org.store.find(id)?.row.Name;
  return typeof name === 'string' ? name : null;
}
