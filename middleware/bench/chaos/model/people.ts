import { HOSTS } from '../hosts';
import { SEEDED_COMPANY, SEEDED_FIRST_NAME, SEEDED_LAST_NAME, type Seeded } from '../org';
import type { Deeds } from '../people-in-org';
import type { Customer } from '../roles';
import { TEXTS } from './texts';

/** What a Lead without a company gets, by the settings of the test. */
export const COMPANY_OF_NOBODY = 'Company not told';

/** Values that are right for a field; most have one. */
export type Allowed = (string | null)[];

/** The records that stand for a customer in the end, in the words of the default settings. */
export interface ExpectedPerson {
  /** Values of WhoId that are right for his Events; null: whichever live Lead has his address. */
  whoIds: string[] | null;
  /** How many live records may have his address. */
  records: { leads: number[]; contacts: number[] };
  /** Fields of the record that was made of, or found for, him. */
  fields: Record<string, Allowed>;
}

/** Contacts are looked for before Leads; nobody known becomes a Lead. Pure. */
export function expectPerson(customer: Customer, seeded: Seeded | undefined, deeds: Deeds): ExpectedPerson {
  const { email, known } = customer;
  const asSeeded = { FirstName: [SEEDED_FIRST_NAME], LastName: [SEEDED_LAST_NAME], Phone: [null] };
  const contactId = deeds.converted.get(email);
  if (contactId !== undefined) {
    return { whoIds: [contactId], records: { leads: [1], contacts: [1] }, fields: fieldsOfNew(customer, false) };
  }
  const masterId = deeds.merged.get(email);
  if (masterId !== undefined) {
    return { whoIds: [masterId], records: { leads: [0], contacts: [0] }, fields: {} };
  }
  switch (known) {
    case 'nobody': {
      const leads = customer.plant === 'personRule' && !customer.isFixed ? 0 : 1;
      return { whoIds: null, records: { leads: [leads], contacts: [0] }, fields: fieldsOfNew(customer, true) };
    }
    case 'lead':
      return {
        whoIds: seeded?.leadIds ?? [],
        records: { leads: [1], contacts: [0] },
        fields: { ...asSeeded, Company: [SEEDED_COMPANY] },
      };
    case 'contact':
    case 'contactAndLead':
      return {
        whoIds: seeded?.contactIds ?? [],
        records: { leads: [known === 'contact' ? 0 : 1], contacts: [1] },
        fields: asSeeded,
      };
    case 'twoContacts':
      return {
        whoIds: (seeded?.contactIds ?? []).slice(0, 1),
        records: { leads: [0], contacts: [customer.isFixed ? 1 : 2] },
        fields: asSeeded,
      };
  }
}

/** Any of his bookings may have been the one that made the Lead. */
function fieldsOfNew({ bookings }: Customer, isLead: boolean): Record<string, Allowed> {
  const told = bookings.map((booking) => TEXTS[booking.sourceId]?.person(booking)).filter((one) => one !== undefined);
  return {
    FirstName: told.flatMap(({ FirstName }) => FirstName),
    LastName: told.flatMap(({ LastName }) => LastName),
    Phone: told.flatMap(({ Phone }) => Phone),
    ...(isLead ? { Company: told.flatMap(({ Company }) => Company.map((one) => one ?? COMPANY_OF_NOBODY)) } : {}),
  };
}

/** The user who owns the Events of a host: himself, or the fallback owner where the org or the source has no such user. */
export function ownerOf(
  hostEmail: string,
  tellsHost: boolean,
  usersByEmail: Map<string, string>,
  fallback: string,
): string {
  const isHost = HOSTS.some(({ email }) => email === hostEmail);
  return (isHost && tellsHost ? usersByEmail.get(hostEmail) : undefined) ?? fallback;
}
