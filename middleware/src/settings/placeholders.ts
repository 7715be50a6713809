import { z } from 'zod';

const text = z.string().min(1);

/** What is written into a required field that nothing else fills, by type, where the rules ask for placeholders. */
export const placeholdersSchema = z.strictObject({
  currency: text,
  date: text.describe('An ISO date, or today.'),
  datetime: text.describe('An ISO instant, or now.'),
  email: text,
  geolocation: text.describe('Latitude and longitude in degrees, with a comma between them.'),
  number: text,
  percent: text,
  phone: text,
  text: text,
  time: text.describe('hh:mm, or now.'),
  url: text,
});
export type Placeholders = z.infer<typeof placeholdersSchema>;

/** An admin may change each. */
export const DEFAULT_PLACEHOLDERS: Placeholders = {
  currency: '0',
  date: 'today',
  datetime: 'now',
  email: 'email@example.com',
  geolocation: '0,0',
  number: '0',
  percent: '0',
  phone: '1234567890',
  text: 'Unspecified',
  time: '00:00',
  url: 'http://NA',
};
