/** What kind of value a name gives. `any`: whatever the person who booked answered. */
export type ValueKind =
  'text' | 'email' | 'phone' | 'url' | 'instant' | 'date' | 'time' | 'number' | 'boolean' | 'list' | 'any';

type ValueExample = string | number | boolean | readonly string[];

/** Something that a mapping row may name. */
export interface ValueName {
  /** As written in `from` and between braces. `<key>` stands for the name of an answer or a campaign parameter. */
  name: string;
  kind: ValueKind;
  description: string;
  example: ValueExample;
  /** Every value it can have, where they are few. */
  values?: readonly string[];
  /** Whoever reads it can act for the person who booked: never in a default, and the check warns. */
  isSecret?: true;
}

const STATUSES = ['Scheduled', 'Rescheduled', 'Completed', 'Canceled', 'No-show'];

const text = (name: string, description: string, example: ValueExample): ValueName =>
  of('text', name, description, example);
const of = (kind: ValueKind, name: string, description: string, example: ValueExample): ValueName => ({
  name,
  kind,
  description,
  example,
});

/** Everything that a mapping row may name in `from` and, between braces, in `text`. */
export const VALUE_NAMES: readonly ValueName[] = [
  text('source.id', 'The short name of the source that the booking came from.', 'my-calcom'),

  text('booking.id', "The booking's id in Salesforce (Booking_Id__c).", 'my-calcom:uid-1'),
  text('booking.subject', 'What the appointment is called; else the name of its page.', 'Product demo'),
  {
    ...text('booking.status', 'Where the booking is in its life.', 'Scheduled'),
    values: STATUSES,
  },
  text('booking.reason', 'Why it was canceled or rescheduled, as told.', 'I am ill.'),
  of('instant', 'booking.startsAt', 'When it starts.', '2027-02-01T10:00:00.000Z'),
  of('instant', 'booking.endsAt', 'When it ends.', '2027-02-01T10:30:00.000Z'),
  of('date', 'booking.startDate', 'The day on which it starts, in its own time zone.', '2027-02-01'),
  of('time', 'booking.startTime', 'The time of day at which it starts, in its own time zone.', '19:00'),
  of('number', 'booking.durationMinutes', 'How long it takes, in minutes.', 30),
  of('boolean', 'booking.allDay', 'Whether it takes whole days.', false),
  text('booking.timeZone', 'The time zone that it was booked in.', 'Asia/Tokyo'),
  text('booking.location', 'Where it takes place; else the link to join.', 'Room 12'),
  of('url', 'booking.joinUrl', 'The link to the online meeting.', 'https://meet.example.com/abc'),
  text('booking.description', 'The answers and the link to join, one line each.', 'Budget: 5000'),
  {
    ...of('url', 'booking.manageUrl', "The guest's own link to change the booking.", 'https://example.com/manage/abc'),
    isSecret: true,
  },
  {
    ...of('url', 'booking.cancelUrl', "The guest's own link to cancel it.", 'https://example.com/cancel/abc'),
    isSecret: true,
  },

  text('customer.id', "The customer's id in the scheduling system.", 'c-12'),
  of('email', 'customer.email', "The customer's e-mail address.", 'anna@example.com'),
  text('customer.name', 'The whole name.', 'Anna Berg'),
  text('customer.firstName', 'The first name, as given or as read off the whole name.', 'Anna'),
  text('customer.lastName', 'The last name; else the e-mail address, as a record needs one.', 'Berg'),
  of('phone', 'customer.phone', 'The phone number.', '+81 3 1234 5678'),
  text('customer.company', 'The company.', 'Example KK'),
  text('customer.timeZone', "The customer's time zone.", 'Asia/Tokyo'),

  text('host.id', "The host's id in the scheduling system.", 'h-3'),
  of('email', 'host.email', "The host's e-mail address.", 'host@example.com'),
  text('host.name', "The host's name.", 'Hana Host'),

  text('page.id', "The page's id in the scheduling system.", 'product-demo'),
  text('page.name', "The page's name, else its id.", 'Product demo'),

  of('list', 'guests.emails', 'The e-mail addresses of everybody else who was invited.', ['guest@example.com']),

  of('number', 'payment.amount', 'What was paid.', 49.5),
  text('payment.currency', 'In which currency, as ISO code.', 'EUR'),
  text('payment.reference', "The payment's id at the payment service.", 'pi_123'),

  text('campaign.<key>', 'A campaign parameter of the booking link, such as campaign.utm_campaign.', 'spring'),
  of('any', 'answers.<key>', 'An answer on the booking form, by the name of its question.', '5000'),
];

const EXACT = new Map(VALUE_NAMES.map((value) => [value.name, value]));
const FAMILIES = VALUE_NAMES.filter(({ name }) => name.endsWith('.<key>')).map((value) => ({
  value,
  prefix: value.name.slice(0, -'<key>'.length),
}));

/** What a name stands for; null when no booking can have a value of that name. Pure. */
export function findValueName(name: string): ValueName | null {
  const family = FAMILIES.find(({ prefix }) => name.startsWith(prefix) && name.length > prefix.length);
  return family?.value ?? EXACT.get(name) ?? null;
}

/** A name between braces in the text of a mapping row. */
const PLACE = /\{([^{}]+)\}/g;

/** The names between braces in the text of a mapping row, in order. Pure. */
export function namesInText(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, name = '']) => name.trim());
}

/** The text of a mapping row with the names between braces replaced. Pure. */
export function fillText(text: string, valueOf: (name: string) => string | null): string {
  return text.replace(PLACE, (_whole, name: string) => valueOf(name.trim()) ?? '');
}

/**
 * The known name that was probably meant: the same in another case, or the same last part.
 * @returns null when none is near.
 */
export function nearestValueName(name: string): string | null {
  const wanted = plain(name);
  const last = plain(name.split('.').at(-1) ?? '');
  const near =
    VALUE_NAMES.find((value) => plain(value.name) === wanted) ??
    VALUE_NAMES.find((value) => last !== '' && plain(value.name.split('.').at(-1) ?? '') === last);
  return near?.name ?? null;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9.]/g, '');
}
