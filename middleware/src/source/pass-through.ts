import type { BookingDetails, JsonValue } from '../booking/booking-event';

/** Names, without case and punctuation, under which a booking link carries a Salesforce record id. */
const RECORD_ID_NAMES = ['salesforceid', 'salesforceuuid', 'salesforcerecordid', 'sfid'];

/** Parameters that are a campaign's even when the source dropped the underscore from the name. */
const CAMPAIGN_PARAMETERS = ['source', 'medium', 'campaign', 'term', 'content', 'id'];

/** Tells whether a question or parameter is there to carry a record id (`salesforce_id`, `sfid`, `salesforceId`, ...). */
export function isRecordIdName(name: string): boolean {
  return RECORD_ID_NAMES.includes(plain(name));
}

/** A text that looks like a Salesforce record id of 15 or 18 characters: a hint to check, anybody can type one. */
export function toRecordId(value: JsonValue | undefined): string | null {
  const id = typeof value === 'string' ? value.trim() : '';
  // Long words have 15 letters too; an id always has a digit.
  return /^(?=.*\d)[A-Za-z0-9]{15}([A-Z0-5]{3})?$/.test(id) ? id : null;
}

/**
 * Parts the answers to a page's questions from what the booking link carried through them.
 *
 * @param entries question name (slug or label) and value, in the order of importance: of two with one name the first
 *   that is not empty counts. Empty texts, lists, objects and nulls are no answers.
 * @returns `campaign` by lower-case parameter name (`utm_campaign`), null when there is none; `recordId` of the first
 *   value that looks like one; `answers`: all others with the type that the source gave them, also what was meant to
 *   be a record id but is none. Null when nothing was answered.
 */
export function partAnswers(
  entries: [name: string, value: JsonValue | undefined][],
): Pick<BookingDetails, 'answers' | 'campaign' | 'recordId'> {
  const answers = new Map<string, JsonValue>();
  const campaign = new Map<string, string>();
  let recordId: string | null = null;
  for (const [typedName, typedValue] of entries) {
    const name = typedName.trim();
    const value = typeof typedValue === 'string' ? typedValue.trim() : typedValue;
    if (name === '' || value === undefined || isEmpty(value)) continue;
    const parameter = campaignParameter(name);
    const id = isRecordIdName(name) ? toRecordId(value) : null;
    if (id !== null) recordId ??= id;
    else if (parameter !== null && (typeof value === 'string' || typeof value === 'number')) {
      if (!campaign.has(parameter)) campaign.set(parameter, String(value));
    } else if (!answers.has(name)) answers.set(name, value);
  }
  return {
    answers: answers.size === 0 ? null : Object.fromEntries(answers),
    campaign: campaign.size === 0 ? null : Object.fromEntries(campaign),
    recordId,
  };
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function campaignParameter(name: string): string | null {
  const parted = /^utm[_\s-]+([a-z0-9_]{1,40})$/i.exec(name)?.[1];
  if (parted !== undefined) return `utm_${parted.toLowerCase()}`;
  const joined = CAMPAIGN_PARAMETERS.find((parameter) => plain(name) === `utm${parameter}`);
  return joined === undefined ? null : `utm_${joined}`;
}

/** A name without case and punctuation, for comparing what admins call a question. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
