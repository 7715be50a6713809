import type { BookingStatus } from '../../booking/booking';
import type { Progress } from '../../booking/list.store';
import type { PartOutcome } from '../../booking/outcome';
import { html, type Html } from '../../page/html';

const STATUS_TONES: Record<BookingStatus, string> = {
  Scheduled: 'good',
  Rescheduled: 'good',
  Completed: 'calm',
  Canceled: 'bad',
  'No-show': 'bad',
};

/** A booking's status, as it is written to Salesforce. */
export function statusBadge(status: BookingStatus): Html {
  return html`<span class="pill ${STATUS_TONES[status]}">${status}</span>`;
}

export const PROGRESS_WORDS: Record<Progress, string> = {
  pending: 'On its way',
  parked: 'Waits for you',
  settled: 'Settled',
};
const PROGRESS_TONES: Record<Progress, string> = { pending: 'busy', parked: 'warn', settled: 'calm' };

/** How far a booking is. */
export function progressBadge(progress: Progress): Html {
  return html`<span class="pill ${PROGRESS_TONES[progress]}">${PROGRESS_WORDS[progress]}</span>`;
}

const OUTCOMES: Record<PartOutcome['state'], [tone: string, word: string]> = {
  written: ['good', 'Written'],
  waiting: ['busy', 'Waiting'],
  parked: ['warn', 'Waits for you'],
  notWanted: ['calm', 'Not wanted'],
};

/** What became of a part. */
export function outcomeBadge({ state }: Pick<PartOutcome, 'state'>): Html {
  const [tone, word] = OUTCOMES[state];
  return html`<span class="pill ${tone}">${word}</span>`;
}
