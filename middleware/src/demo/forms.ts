import { z } from 'zod';
import { toEmail } from '../source/values';
import type { DemoCustomer } from './demo-booking';
import { isTimeZone } from './time-zone';

/** What a form holds, as typed. */
export type FormValues = Readonly<Record<string, string>>;

/** What is wrong with which field, in the order of the form. */
export type FormErrors = Readonly<Record<string, string>>;

/** What a form came to: values that can be used, or what to say to whoever filled it. */
export type FormResult<T> = { value: T } | { errors: FormErrors };

const optionalText = (max: number, error: string) =>
  z
    .string()
    .trim()
    .max(max, { error })
    .transform((text) => text || null)
    .default(null);

/** The longest name that fits the subject and both name fields of a person. */
const NAME_LENGTH = 120;

const bookingForm = z.object({
  name: z
    .string({ error: 'Enter your name.' })
    .trim()
    .min(1, { error: 'Enter your name.' })
    .max(NAME_LENGTH, { error: `Enter a name of at most ${NAME_LENGTH} characters.` }),
  email: z
    .string({ error: 'Enter your e-mail address.' })
    .trim()
    .min(1, { error: 'Enter your e-mail address.' })
    .max(80, { error: 'Enter an e-mail address of at most 80 characters.' })
    .refine((email) => email === '' || (toEmail(email) !== null && /@[^@]+\.[^@.]+$/.test(email)), {
      error: 'Enter an e-mail address such as ana@example.com.',
    }),
  phone: optionalText(40, 'Enter a phone number of at most 40 characters.')
    .transform((phone) => phone && phone.replace(/[\s()./-]/g, '').replace(/^00/, '+'))
    .refine((phone) => phone === null || /^\+\d{6,15}$/.test(phone), {
      error: 'Enter the phone number with its country code, such as +44 20 7946 0123.',
    }),
  company: optionalText(120, 'Enter a company of at most 120 characters.'),
  note: optionalText(1000, 'Enter a note of at most 1,000 characters.'),
  timeZone: z.string({ error: 'Choose a time zone.' }).refine(isTimeZone, { error: 'Choose a time zone.' }),
});

const reason = z.object({
  reason: optionalText(255, 'Enter a reason of at most 255 characters.'),
});

/** Checks who books. The phone number comes out as Cal.com sends it, with a plus and digits only. */
export function readCustomer(sent: unknown): FormResult<DemoCustomer> {
  return resultOf(bookingForm.safeParse(sent ?? {}));
}

/** Checks why a booking is changed; the reason is optional. */
export function readReason(sent: unknown): FormResult<{ reason: string | null }> {
  return resultOf(reason.safeParse(sent ?? {}));
}

/** What was typed, to fill the form again. Lists and objects, which no browser sends here, are left out. */
export function typedValues(sent: unknown): FormValues {
  const fields = typeof sent === 'object' && sent !== null ? Object.entries(sent) : [];
  return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
}

function resultOf<T>(parsed: z.ZodSafeParseResult<T>): FormResult<T> {
  if (parsed.success) return { value: parsed.data };
  const errors: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) errors[String(path[0])] ??= message;
  return { errors };
}
