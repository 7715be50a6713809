import type { BookingStatus } from '../../booking/booking';
import type { Progress } from '../../booking/list.store';
import { PARTS, type Part, type PartOutcome, type Parts } from '../../booking/outcome';
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

/** How far a booking is, in words. */
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

const PART_WORDS: Record<Part, string> = {
  person: 'Person',
  related: 'Related record',
  event: 'Event',
  relations: 'Guests',
};

/** What became of the parts of a booking, in the order in which they are written. */
export function partsInWords(parts: Parts): { word: string; outcome: PartOutcome }[] {
  return PARTS.flatMap((part) => {
    const outcome = parts[part];
    return outcome === undefined ? [] : [{ word: PART_WORDS[part], outcome }];
  });
}
