import type { Field } from '../../schema/field';
import { html, type Html } from '../html';
import type { PageContext } from '../page-context';
import type { CustomButton } from '../custom-buttons';
import type { PageComponents } from '../page-components';
import { pageObject } from '../page-objects';
import { type FoundRecord, nameOf, rowsWith } from '../reader';
import { timelineOf } from '../timeline';
import { componentPlaces } from './component-view';
import { objectIcon } from './icons';
import { headOf } from './list-view';
import { statusBadges, timelineView } from './timeline-view';
import { recordLink, valueView } from './value-view';

/** The parts of a record's page that change by themselves. */
export const RECORD_PARTS = ['highlights', 'details', 'timeline', 'related'] as const;
export type RecordPart = (typeof RECORD_PARTS)[number];

/** What deployed packages add to a record's page. */
export interface RecordExtras {
  buttons: CustomButton[];
  components: PageComponents | undefined;
  /** Why nothing of the packages is shown, if that is so. */
  fault: string | null;
}

/** A record's page: the panel and the buttons at the top, details on the left, components and activities on the right. */
export function recordView(
  context: PageContext,
  record: FoundRecord,
  { buttons, components, fault }: RecordExtras,
): Html {
  const live = (part: RecordPart): Html =>
    html`<div class="${part}" data-live="/lightning/parts/record/${record.row.Id}/${part}">
      ${recordPart(context, record, part)}
    </div>`;
  const hasActivities = record.object.name !== 'Event' && record.object.childRelationship('Events') !== undefined;
  return html`<section class="card head" aria-label="Highlights">
      ${live('highlights')}
      <div class="bars">${buttonBar(buttons)}${components && actionBar(components, record)}</div>
    </section>
    ${fault !== null && html`<p class="card fault" role="alert">${fault}</p>`}
    <div class="record ${hasActivities || components ? '' : 'single'}">
      <div class="stack">
        <section class="card" aria-labelledby="details">
          <header><h2 id="details">Details</h2></header>
          ${live('details')}
        </section>
        ${live('related')}
      </div>
      ${
        (hasActivities || components) &&
        html`<div class="stack aside">
          ${components && componentPlaces(components, record)}
          ${
            hasActivities &&
            html`<section class="card activity" aria-labelledby="activity">
              <header><h2 id="activity">Activity</h2></header>
              ${live('timeline')}
            </section>`
          }
        </div>`
      }
    </div>`;
}

function buttonBar(buttons: readonly CustomButton[]): Html | null {
  if (buttons.length === 0) return null;
  return bar(
    'Buttons',
    html`${buttons.map(({ label, url, fault }) =>
      url === undefined
        ? html`<li><span class="button off" title="${fault}" aria-disabled="true">${label}</span></li>`
        : html`<li><a class="button" href="${url}" target="_blank" rel="noopener noreferrer">${label}</a></li>`,
    )}`,
  );
}

/** Actions stand ready when the components' script runs. */
function actionBar({ actions }: PageComponents, record: FoundRecord): Html | null {
  if (actions.length === 0) return null;
  return bar(
    'Quick actions',
    html`${actions.map(
      ({ label, component }) =>
        html`<li>
          <button class="button" type="button" disabled data-action="${component}" data-record-id="${record.row.Id}">
            ${label}
          </button>
        </li>`,
    )}`,
  );
}

/** A record has the same words on its buttons and on its quick actions: what they are stands beside them. */
function bar(name: string, items: Html): Html {
  return html`<span class="caption" aria-hidden="true">${name}</span>
    <ul class="buttons" aria-label="${name}">
      ${items}
    </ul>`;
}

/** One part of a record's page by itself. */
export function recordPart(context: PageContext, found: FoundRecord, part: RecordPart): Html {
  const record = { ...found, object: context.object(found.object.name) ?? found.object };
  switch (part) {
    case 'highlights':
      return highlights(context, record);
    case 'details':
      return details(context, record);
    case 'timeline':
      return timelineView(context, timelineOf(context, record.row.Id));
    case 'related':
      return related(context, record);
  }
}

function highlights(context: PageContext, record: FoundRecord): Html {
  const { object, row } = record;
  const fields = pageObject(object.name).highlights.flatMap((name) => object.field(name) ?? []);
  const shown = fields.flatMap((field) => {
    const value = valueView(context, record, field);
    return value === null ? [] : [{ field, value }];
  });
  return html`<div class="title">
      ${objectIcon(object.name, 'large')}
      <div>
        <p class="kind">${object.flags.label}${object.name === 'Case' && ` ${String(row.CaseNumber)}`}</p>
        <h1>${nameOf(record)}</h1>
      </div>
      ${object.name === 'Event' && statusBadges(context, record)}
      ${row.IsConverted === true && html`<p class="badges"><span class="badge calm">Converted</span></p>`}
    </div>
    <dl>
      ${shown.map(
        ({ field, value }) =>
          html`<div data-key="${field.name}">
            <dt>${headOf(field.label)}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

/** Who and when, at the end of every record. */
const AUDIT = ['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate', 'Id'];
/** What the platform keeps for itself, and what is told elsewhere on the page. */
const UNSHOWN = new Set([
  ...AUDIT,
  ...['SystemModstamp', 'IsDeleted', 'MasterRecordId', 'PhotoUrl', 'CleanStatus'],
  ...['ActivityDate', 'ActivityDateTime', 'EndDate', 'GroupEventType', 'EventSubtype'],
]);

function details(context: PageContext, record: FoundRecord): Html {
  const { object } = record;
  const fields = object.fields.filter(
    ({ name, compoundFieldName }) => !UNSHOWN.has(name) && (compoundFieldName === null || compoundFieldName === name),
  );
  const [standard, custom] = [fields.filter((field) => !field.custom), fields.filter((field) => field.custom)];
  const empty = fields.filter((field) => valueView(context, record, field) === null);
  const audit = AUDIT.flatMap((name) => object.field(name) ?? []);
  return html`${fieldList(context, record, standard)}
    ${custom.length > empty.filter((field) => field.custom).length && html`<h3>Custom Fields</h3>`}
    ${fieldList(context, record, custom)}
    <h3>System Information</h3>
    ${fieldList(context, record, audit)}
    ${
      empty.length > 0 &&
      html`<details class="empty" id="empty-${record.row.Id}">
        <summary>Show empty fields (${empty.length})</summary>
        <dl class="fields">
          ${empty.map(
            (field) =>
              html`<div>
                <dt>${headOf(field.label)}</dt>
                <dd>${field.type === 'boolean' ? 'No' : '—'}</dd>
              </div>`,
          )}
        </dl>
      </details>`
    }`;
}

function fieldList(context: PageContext, record: FoundRecord, fields: Field[]): Html | null {
  const shown = fields.flatMap((field) => {
    const value = valueView(context, record, field);
    return value === null ? [] : [{ field, value }];
  });
  if (shown.length === 0) return null;
  return html`<dl class="fields">
    ${shown.map(
      ({ field, value }) =>
        html`<div data-key="${field.name}">
          <dt>${field.type === 'id' ? 'Record ID' : headOf(field.label)}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Objects that are shown below the record that they point to. */
const RELATED = ['Contact', 'Opportunity', 'Case'];

function related(context: PageContext, { object, row }: FoundRecord): Html {
  const groups = RELATED.flatMap((sobject) => {
    const child = context.object(sobject);
    const lookups = child?.fields.filter(
      ({ type, referenceTo }) => type === 'reference' && referenceTo.includes(object.name),
    );
    const rows = (lookups ?? []).flatMap(({ name }) => rowsWith(context, sobject, name, row.Id));
    const ids = [...new Set(rows.map(({ Id }) => Id))].reverse();
    return child && ids.length > 0 && object.name !== 'User' ? [{ child, ids }] : [];
  });
  return html`${groups.map(
    ({ child, ids }) =>
      html`<section class="card related-list" aria-labelledby="related-${child.name}">
        <header>
          ${objectIcon(child.name)}
          <h2 id="related-${child.name}">${child.flags.labelPlural} <span class="count">(${ids.length})</span></h2>
        </header>
        <ul>
          ${ids.map((id) => html`<li data-key="${id}">${recordLink(context, id)}</li>`)}
        </ul>
      </section>`,
  )}`;
}
