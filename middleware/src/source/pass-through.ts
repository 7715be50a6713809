import type { BookingDetails, JsonValue } from '../booking/booking-event';
import { textAt } from './body';

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
    // Some systems put every answer into a list, also one alone.
    const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
    const id = isRecordIdName(name) ? toRecordId(only) : null;
    const told = parameter === null ? null : textAt(only);
    if (id !== null) recordId ??= id;
    else if (parameter !== null && told !== null) {
      if (!campaign.has(parameter)) campaign.set(parameter, told);
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

/** Questions, as `plain` writes them, that ask for the company and for nothing else. */
const COMPANY_QUESTIONS = [
  ...['company', 'companyname', 'yourcompany', 'yourcompanyname', 'nameofyourcompany', 'nameofcompany'],
  ...['会社名', '貴社名', '御社名', '企業名', '法人名', '会社名法人名'],
];

/** Questions, as `plain` writes them, that ask for a phone number and for nothing else. */
const PHONE_QUESTIONS = [
  ...['phone', 'phonenumber', 'yourphonenumber', 'telephone', 'telephonenumber', 'tel'],
  ...['mobile', 'mobilephone', 'mobilenumber', 'mobilephonenumber', 'cellphone', 'cellphonenumber'],
  ...['電話', '電話番号', 'お電話番号', '携帯番号', '携帯電話番号', '連絡先電話番号', 'ご連絡先電話番号'],
];

/**
 * The company among the answers, for sources without a field of their own for it.
 * @param entries questions and answers as for `partAnswers`, which keeps this answer too.
 * @returns the first answer to a question whose wording leaves no doubt ("Company size" does); null without one.
 */
export function companyAmong(entries: [name: string, value: JsonValue | undefined][]): string | null {
  return answerTo(COMPANY_QUESTIONS, entries, () => true);
}

/** The phone number among the answers; as `companyAmong`, and the answer has to look like one. */
export function phoneAmong(entries: [name: string, value: JsonValue | undefined][]): string | null {
  return answerTo(PHONE_QUESTIONS, entries, isPhone);
}

function answerTo(
  questions: string[],
  entries: [name: string, value: JsonValue | undefined][],
  isAnswer: (text: string) => boolean,
): string | null {
  for (const [name, value] of entries) {
    const text = questions.includes(plain(name))
      ? textAt(Array.isArray(value) && value.length === 1 ? value[0] : value)
      : null;
    if (text !== null && isAnswer(text)) return text;
  }
  return null;
}

/** Six digits or more and what is written between them, also in full width. */
function isPhone(text: string): boolean {
  const typed = text.length > 40 ? '' : text.normalize('NFKC');
  return /^\+?[\d\s().\-‐‑–ー−]+$/.test(typed) && typed.replace(/\D/g, '').length >= 6;
}
