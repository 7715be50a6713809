import type { DemoBooking } from '../demo-booking';
import { html, type Html } from '../../page/html';

/** A booking's state in one or two words. */
export function statusBadge(booking: DemoBooking): Html {
  const [tone, text] = statusOf(booking);
  return html`<span class="badge ${tone}">${text}</span>`;
}

function statusOf({ state, isNoShow, hasEnded, replaces }: DemoBooking): [tone: string, text: string] {
  if (state === 'canceled') return ['bad', 'Canceled'];
  if (state === 'moved') return ['calm', 'Moved'];
  if (isNoShow) return ['bad', 'No-show'];
  if (hasEnded) return ['calm', 'Completed'];
  return replaces === null ? ['good', 'Scheduled'] : ['good', 'Rescheduled'];
}
