import { z } from 'zod';
import { beginHostLink, endHostLink, finishHostLink, getOwnHost } from '../host-sign-in';
import { linkHost, listHosts, unlinkHost } from '../hosts';
import { instant, nothing, order } from './order';

const host = z.string().min(3).max(320).describe("The host's e-mail address, as the scheduling system has it.");
const session = z.string().min(16).describe('A secret of yours, the same at the beginning and at the end.');
const replanned = z.int().describe('Bookings to come whose owner is chosen anew.');
const link = z.strictObject({
  hostEmail: z.string(),
  userId: z.string(),
  username: z.string().describe('As it was when the link was made.'),
  via: z.enum(['signIn', 'admin']).describe('signIn: somebody signed in to Salesforce as that user.'),
  linkedBy: z.string(),
  linkedAt: instant,
});
const changed = z.strictObject({ host: z.string(), link: link.nullable(), replanned });

/** Orders about which Salesforce user a host is. */
export const HOST_ORDERS = {
  listHosts: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({
        hosts: z.array(
          z.strictObject({
            email: z.string(),
            name: z.string().nullable(),
            upcoming: z.int().describe('Bookings that are still to come.'),
            lastStartsAt: instant.nullable().describe('When the last of all begins; null: no booking yet.'),
            link: link.nullable(),
            user: z
              .strictObject({
                userId: z.string(),
                username: z.string(),
                by: z.enum(['rule', 'link', 'email', 'username']).describe('What leads to the user.'),
              })
              .nullable()
              .describe('Who owns the Events; null: the fallback owner, or not asked.'),
            said: z.string().nullable(),
          }),
        ),
        notAsked: z.string().nullable().describe('Why Salesforce was not asked; null when it was.'),
      }),
      audited: null,
    },
    listHosts,
  ),
  linkHost: order(
    {
      role: 'admin',
      args: z.strictObject({
        host,
        user: z.string().min(1).max(320).describe('Username or id of an active user who can own records.'),
      }),
      answer: changed,
      audited: [],
    },
    linkHost,
  ),
  unlinkHost: order({ role: 'admin', args: z.strictObject({ host }), answer: changed, audited: [] }, unlinkHost),
  getOwnHost: order(
    {
      role: 'rep',
      args: nothing,
      answer: z.strictObject({
        email: z.string().nullable().describe('The address that your sign-in was made for.'),
        link: link.nullable(),
        cannot: z.string().nullable().describe('Why you cannot link yourself now.'),
      }),
      audited: null,
    },
    getOwnHost,
  ),
  beginHostLink: order(
    {
      role: 'rep',
      args: z.strictObject({ session }),
      answer: z.strictObject({ url: z.string().describe('To open in a browser.'), expiresAt: instant }),
      audited: [],
    },
    beginHostLink,
  ),
  finishHostLink: order(
    {
      role: 'rep',
      args: z.strictObject({
        state: z.string().min(1),
        session,
        code: z.string().optional(),
        error: z.string().optional(),
        errorDescription: z.string().optional(),
      }),
      answer: z.strictObject({
        username: z.string(),
        hosts: z.array(z.string()).describe('Addresses of hosts who are this user from now on.'),
        kept: z.array(z.string()).describe('Addresses of yours that an admin has linked: they stay as they are.'),
        replanned,
      }),
      audited: [],
    },
    finishHostLink,
  ),
  endHostLink: order(
    {
      role: 'rep',
      args: nothing,
      answer: z.strictObject({ host: z.string(), replanned }),
      audited: [],
    },
    endHostLink,
  ),
};
