import { normalizeEmail } from '../customer/email';
import { companyDomain } from '../customer/email-domain';
import { phoneDigits, phoneForms, type PhoneForms } from '../customer/phone';
import type { Candidate } from './candidate';

/** Longest name that an Opportunity has. */
const MAX_OPPORTUNITY_NAME = 120;

/** What a booking's records are looked for by, as its rules ask for it. A sign that the rules do not want is null. */
export interface Sought {
  /** As it is compared. */
  email: string | null;
  phone: PhoneForms | null;
  /** The customer's name, as an Opportunity may be called. */
  name: string | null;
  /** The company whose Account a new Contact gets. */
  company: string | null;
  /** The domain of the website of that Account. */
  domain: string | null;
  /** E-mails of guests who may become invitees: neither the customer nor the host. */
  guests: string[];
}

/** What is looked for, the same for the queries and for the match. Pure. */
export function soughtOf(candidate: Candidate): Sought {
  const { rules, placeholders } = candidate.settings.settings;
  const { customer } = candidate.booking.state;
  const email = normalizeEmail(customer?.email ?? null);
  const phone = rules.matchPhone ? phoneForms(customer?.phone ?? null) : null;
  const account = rules.unknownCustomer === 'Contact' ? rules.contactAccount : 'none';
  const isByName = account === 'companyName' || account === 'create';
  return {
    email,
    // Every record that got the placeholder has this number.
    phone: phone?.digits.has(phoneDigits(placeholders.phone)) === true ? null : phone,
    name: rules.searchOrder.includes('Opportunity') ? plainText(customer?.name ?? null, MAX_OPPORTUNITY_NAME) : null,
    company: isByName ? plainText(customer?.company ?? null, 255) : null,
    domain: account === 'emailDomain' ? companyDomain(email) : null,
    guests: guestsOf(candidate),
  };
}

/** E-mails of guests who may become invitees, each once. Pure. */
export function guestsOf({ booking, settings }: Candidate): string[] {
  const { guests: rule, event } = settings.settings.rules;
  if (rule === 'ignore' || event === 'off') return [];
  const { customer, host, guests } = booking.state;
  const known = [customer, host].map((person) => normalizeEmail(person?.email ?? null));
  const emails = (guests ?? []).map(({ email }) => normalizeEmail(email)).filter((email) => email !== null);
  return [...new Set(emails)].filter((email) => !known.includes(email));
}

/** A name as a field holds it: one line, single spaces, cut; null when nothing is left. */
function plainText(text: string | null, maxLength: number): string | null {
  const plain = text?.normalize('NFC').replace(/\s+/gu, ' ').trim().slice(0, maxLength).trim() ?? '';
  return plain === '' ? null : plain;
}

/** The form of a name that is compared, as SOQL does: without case, spaces as one. Pure. */
export function comparableName(name: string): string {
  return name.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();
}

/** The host's e-mail as it is compared, null when the source does not tell it. */
export function hostOf({ booking }: Pick<Candidate, 'booking'>): string | null {
  return normalizeEmail(booking.state.host?.email ?? null);
}

/** The username that the rules give to the host, in the form that is compared; null when they say nothing of him. Pure. */
export function hostUserOf(candidate: Candidate): string | null {
  const host = hostOf(candidate);
  const { hostUsers } = candidate.settings.settings.rules;
  const linked = Object.entries(hostUsers).find(([email]) => host !== null && normalizeEmail(email) === host);
  return linked?.[1].toLowerCase() ?? null;
}
