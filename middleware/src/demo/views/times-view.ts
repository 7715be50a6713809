import type { DemoBookable, DemoBooking, DemoHost } from '../demo-booking';
import { attribute, html, type Html } from '../../page/html';
import { type Day, sayTime, timeZones } from '../time-zone';
import { ICONS } from './icons';
import { summary, when } from './summary';

/** What can be chosen: days, and the times of the day that is open. */
export interface Choice {
  bookable: DemoBookable;
  host: DemoHost;
  timeZone: string;
  day: Day;
  /** The days that can be opened, and how many times are free on each. */
  days: { day: Day; free: number }[];
  times: Date[];
}

/**
 * Choose a day, then a time.
 *
 * @param moving the booking that is to be moved; null for a new one.
 * @param problem why the choice is here again.
 */
export function timesView(choice: Choice, moving: DemoBooking | null, problem: string | null = null): Html {
  const { bookable, host, timeZone, day, days, times } = choice;
  const path = moving === null ? `/book/${bookable.slug}` : `/booking/${moving.uid}/reschedule`;
  const next = moving === null ? `${path}/details` : path;
  const zone = encodeURIComponent(timeZone);
  const dayLabel = sayCalendarDay(day, { weekday: 'long', month: 'long', day: 'numeric' });
  const morning = times.filter((time) => sayTime(time, timeZone).endsWith('AM'));
  const afternoon = times.filter((time) => !morning.includes(time));
  const timeList = (title: string, part: Date[]): Html | null =>
    part.length === 0
      ? null
      : html`<h3>${title}</h3>
          <ul class="times">
            ${part.map(
              (time) =>
                html`<li>
                  <a class="slot" href="${next}?start=${time.toISOString()}&timeZone=${zone}" ${isNow(moving, time)}
                    >${sayTime(time, timeZone)}</a
                  >
                </li>`,
            )}
          </ul>`;
  return html`<section class="card split" data-time-zone="${timeZone}">
    ${summary(bookable, host, null, moving === null ? null : movingNote(moving))}
    <div class="work">
      ${problem !== null && html`<p class="alert" role="alert">${ICONS.warning}<span>${problem}</span></p>`}
      <h2 id="days">${moving === null ? 'Choose a day' : 'Choose a new day'}</h2>
      <nav aria-labelledby="days">
        <ul class="days">
          ${weekdayOffset(days[0]?.day)}
          ${days.map((each) => dayLink(each, `${path}?day=${each.day}&timeZone=${zone}`, each.day === day))}
        </ul>
      </nav>
      <h2 class="chosen-day">${dayLabel}</h2>
      ${
        times.length === 0
          ? html`<p class="none">No time is left on this day. Choose another one.</p>`
          : [timeList('Morning', morning), timeList('Afternoon', afternoon)]
      }
      <form class="zone" method="get" action="${path}">
        <input type="hidden" name="day" value="${day}" />
        <label for="timeZone">${ICONS.globe}Time zone</label>
        <select id="timeZone" name="timeZone">
          ${timeZones(timeZone).map(
            (name) =>
              html`<option value="${name}" ${attribute('selected', name === timeZone)}>
                ${name.replace(/_/g, ' ')}
              </option>`,
          )}
        </select>
        <button class="button quiet small" type="submit">Change</button>
      </form>
    </div>
  </section>`;
}

function movingNote(moving: DemoBooking): Html {
  return html`<div class="moving">
    <h2>Now</h2>
    <p>${when(moving.startsAt, moving.bookable.lengthMinutes, moving.customer.timeZone)}</p>
    <p><a href="/booking/${moving.uid}">Keep this time</a></p>
  </div>`;
}

function dayLink({ day, free }: { day: Day; free: number }, href: string, isOpen: boolean): Html {
  return html`<li>
    <a class="day" href="${href}" ${attribute('aria-current', isOpen && 'date')} ${attribute('data-full', free === 0)}>
      <span class="weekday">${sayCalendarDay(day, { weekday: 'short' })}</span>
      <span class="number">${sayCalendarDay(day, { day: 'numeric' })}</span>
      <span class="month">${sayCalendarDay(day, { month: 'short' })}</span>
      ${free === 0 && html`<span class="hidden">, no time left</span>`}
    </a>
  </li>`;
}

/** Empty places before the first day, so that every Monday stands under a Monday. */
function weekdayOffset(day: Day | undefined): Html[] {
  const weekday = day === undefined ? 1 : new Date(`${day}T00:00:00Z`).getUTCDay();
  return Array.from({ length: weekday - 1 }, () => html`<li class="gap" aria-hidden="true"></li>`);
}

function isNow(moving: DemoBooking | null, time: Date): Html {
  return attribute('aria-current', moving?.startsAt.getTime() === time.getTime() && 'true');
}

function sayCalendarDay(day: Day, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...parts }).format(new Date(`${day}T00:00:00Z`));
}
