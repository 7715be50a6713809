import type { StoredRecord } from '../../records/table';
import type { Field } from '../../schema/field';
import { attribute, html, type Html, type HtmlPart } from '../html';
import type { PageContext } from '../page-context';
import { type FoundRecord, nameOf, pathOf } from '../reader';
import type { Timeline } from '../timeline';
import { sayDay, sayMonth, sayTimes, toIso } from '../times';
import { objectIcon } from './icons';
import { recordLink, valueView } from './value-view';

/** A record's activities: what is to come, and what has been, month by month. */
export function timelineView(context: PageContext, { upcoming, past }: Timeline): Html {
  const open = upcoming[0]?.Id ?? past[0]?.Id;
  return html`<h3>Upcoming &amp; Overdue</h3>
    ${
      upcoming.length === 0 ? html`<p class="none">No activities to show.</p>` : entries(context, upcoming, 'has', open)
    }
    <h3>Past Activity</h3>
    ${past.length === 0 && html`<p class="none">No past activity.</p>`}
    ${byMonth(context, past).map(
      ([month, rows]) =>
        html`<h4>${month}</h4>
          ${entries(context, rows, 'had', open)}`,
    )}`;
}

function byMonth(context: PageContext, rows: StoredRecord[]): [month: string, rows: StoredRecord[]][] {
  const months = new Map<string, StoredRecord[]>();
  for (const row of rows) {
    const month = sayMonth(startOf(row), isAllDay(row), context);
    months.set(month, [...(months.get(month) ?? []), row]);
  }
  return [...months];
}

function entries(context: PageContext, rows: StoredRecord[], verb: string, open: string | undefined): Html {
  return html`<ol class="entries">
    ${rows.map((row) => entry(context, row, verb, row.Id === open))}
  </ol>`;
}

function entry(context: PageContext, row: StoredRecord, verb: string, isOpen: boolean): Html {
  const record = { object: context.object('Event') ?? context.org.object('Event'), row };
  const { WhoId, WhatId, OwnerId } = row;
  const start = startOf(row);
  const times = sayTimes(start, String(row.EndDateTime ?? start), isAllDay(row), context);
  return html`<li class="entry" data-key="${row.Id}" data-name="${nameOf(record)}">
    ${objectIcon('Event')}
    <div class="entry-head">
      <div>
        <a class="subject" href="${pathOf(record)}">${nameOf(record)}</a>
        <p class="sentence">
          ${typeof OwnerId === 'string' && recordLink(context, OwnerId)} ${verb} an event
          ${typeof WhoId === 'string' && html` with ${recordLink(context, WhoId)}`}
          ${typeof WhatId === 'string' && html` about ${recordLink(context, WhatId)}`}
        </p>
      </div>
      <time datetime="${toIso(start)}"
        ><span>${sayDay(start, isAllDay(row), context)}</span><span class="hidden">, </span><span>${times}</span></time
      >
    </div>
    ${statusBadges(context, record)}
    <details id="entry-${row.Id}" ${attribute('open', isOpen)}>
      <summary>Details<span class="hidden"> of ${nameOf(record)}</span></summary>
      <dl>
        ${entryFields(record).map((field) => {
          const value = valueView(context, record, field);
          return (
            value &&
            html`<div>
              <dt>${field.label}</dt>
              <dd>${value}</dd>
            </div>`
          );
        })}
      </dl>
    </details>
  </li>`;
}

/** Every picklist of the record whose label ends with "Status", as a badge. */
export function statusBadges(context: PageContext, record: FoundRecord): HtmlPart {
  const badges = record.object.fields.flatMap((field) => {
    const value = isStatus(field) ? valueView(context, record, field) : null;
    return value === null
      ? []
      : [html`<span class="badge ${toneOf(value.text)}" title="${field.label}">${value}</span>`];
  });
  return badges.length > 0 && html`<p class="badges">${badges}</p>`;
}

function isStatus({ type, label }: Field): boolean {
  return type === 'picklist' && /\bStatus$/.test(label);
}

/** The colour that a word of a status has for most readers. */
function toneOf(status: string): string {
  if (/cancel|declin|reject|no.?show|lost|fail/i.test(status)) return 'bad';
  if (/complete|done|held|won|confirm|accept/i.test(status)) return 'good';
  return 'calm';
}

/** Where, what, and whatever the org has added to its events. */
function entryFields({ object }: FoundRecord): Field[] {
  const standard = ['StartDateTime', 'EndDateTime', 'Location', 'Description'];
  return [...standard.flatMap((name) => object.field(name) ?? []), ...object.fields.filter(({ custom }) => custom)];
}

function startOf(row: StoredRecord): string {
  return String(row.StartDateTime ?? row.CreatedDate);
}

function isAllDay(row: StoredRecord): boolean {
  return row.IsAllDayEvent === true;
}
