import type { Booked } from '../histories';

/** What a booking's Event says besides status, times and people. */
export interface Texts {
  Subject: string | null;
  Location: string | null;
  Description: string | null;
  Meeting_Type__c: string | null;
  Campaign__c: string | null;
}

/** What a new Lead may get from a booking of the source: which booking makes it depends on the order of arrival. */
export interface PersonTexts {
  FirstName: (string | null)[];
  LastName: string[];
  Phone: (string | null)[];
  /** Null: the source tells none, and the value chosen in the settings is taken. */
  Company: (string | null)[];
}

interface SourceTexts {
  event: (booking: Booked) => Texts;
  person: (booking: Booked) => PersonTexts;
  /** Whether the e-mail address of the host is told. */
  tellsHost: boolean;
}

/** The name that the worlds give to a customer. */
const firstNameOf = ({ customerEmail }: Booked): string => customerEmail.split('@')[0] ?? '';
const lines = (...all: string[]): string => all.join('\n');
const unnamed = (booking: Booked): PersonTexts => ({
  ...{ FirstName: [firstNameOf(booking)], LastName: ['Sample'], Phone: [null], Company: [null] },
});

/** The body that tells the end knows no phone, other names and another company: it may come before all others. */
const calcomPerson = (booking: Booked, companies: (string | null)[]): PersonTexts => ({
  FirstName: ['Idris', firstNameOf(booking)],
  LastName: ['Okafor', 'Sample'],
  Phone: ['+2348000000000', null],
  Company: companies,
});

/**
 * What each source's bodies say, read from its fixtures by hand and from what the worlds change in them. By the default
 * settings: subject, place, answers with the link, page, campaign.
 */
export const TEXTS: Record<string, SourceTexts> = {
  calcom: {
    event: ({ location, answer }) => ({
      Subject: 'Intro call between Rosa Lindqvist and Idris Okafor',
      Location: location ?? null,
      Description: lines(
        'notes: Bring the price list.',
        `company: ${answer}`,
        'team-size: 11-50',
        'Join: https://video.host.example/room-1',
      ),
      Meeting_Type__c: 'Intro call',
      Campaign__c: null,
    }),
    person: (booking) => calcomPerson(booking, [...(booking.answers ?? []), 'Harmattan Freight Ltd']),
    tellsHost: true,
  },
  oncehub: {
    event: ({ location, answer }) => ({
      Subject: 'Kitchen planning',
      Location: location ?? null,
      Description: lines(
        `note: ${answer}`,
        'Budget: 20000',
        'Rooms: kitchen, pantry',
        'Join: https://meet.host.example/kit-chen',
      ),
      Meeting_Type__c: 'ET-6B0LJ2H9SG',
      Campaign__c: null,
    }),
    person: (booking) => ({ ...unnamed(booking), Phone: ['1-4165550101'], Company: ['Reyes Joinery'] }),
    tellsHost: true,
  },
  calendly: {
    event: ({ location }) => ({
      Subject: 'Lift survey',
      Location: location ?? null,
      Description: 'What is the building like?: Three floors, no lift.',
      Meeting_Type__c: 'Lift survey',
      Campaign__c: null,
    }),
    person: unnamed,
    tellsHost: true,
  },
  timerex: {
    event: () => ({
      Subject: 'リフト点検のご相談',
      Location: 'https://meet.host.example/j/4401',
      Description: 'Join: https://meet.host.example/j/4401',
      Meeting_Type__c: 'リフト点検のご相談',
      Campaign__c: null,
    }),
    person: () => ({ FirstName: ['見本'], LastName: ['花子'], Phone: [null], Company: ['見本株式会社'] }),
    tellsHost: true,
  },
  jicoo: {
    event: () => ({
      Subject: 'リフト点検のご相談',
      Location: null,
      Description: '貴社名: 見本株式会社',
      Meeting_Type__c: 'リフト点検のご相談',
      Campaign__c: 'spring_fair',
    }),
    person: () => ({ FirstName: ['花子'], LastName: ['見本'], Phone: ['+81 90-0000-0000'], Company: ['見本株式会社'] }),
    tellsHost: false,
  },
  savvycal: {
    event: ({ location, answer }) => ({
      Subject: 'Pilar Reyes and Noor Haddad',
      Location: location ?? null,
      Description: lines('Company: Reyes Joinery', `Rooms: ${answer}`, 'Join: https://meet.host.example/j/4401'),
      Meeting_Type__c: 'Kitchen planning',
      Campaign__c: null,
    }),
    person: () => ({ FirstName: ['Pilar'], LastName: ['Reyes'], Phone: [null], Company: ['Reyes Joinery'] }),
    tellsHost: true,
  },
  standard: {
    event: ({ location, answer }) => ({
      ...{ Subject: null, Location: location ?? null, Description: `company: ${answer}` },
      ...{ Meeting_Type__c: null, Campaign__c: null },
    }),
    person: unnamed,
    tellsHost: true,
  },
  'mapped-10to8': {
    event: ({ location }) => ({
      ...{ Subject: 'Kitchen planning', Location: location ?? null, Description: null },
      ...{ Meeting_Type__c: 'Kitchen planning', Campaign__c: null },
    }),
    person: unnamed,
    tellsHost: true,
  },
  'mapped-youcanbookme': {
    event: () => ({
      ...{ Subject: 'Kitchen planning', Location: null, Description: null },
      ...{ Meeting_Type__c: 'Kitchen planning', Campaign__c: null },
    }),
    person: () => ({ FirstName: ['Pilar'], LastName: ['Reyes'], Phone: [null], Company: [null] }),
    tellsHost: true,
  },
  seats: {
    event: () => ({
      Subject: 'Intro call between Rosa Lindqvist and Idris Okafor',
      Location: 'https://video.host.example/room-1',
      Description: lines(
        'notes: Bring the price list.',
        'company: Harmattan Freight Ltd',
        'team-size: 11-50',
        'Join: https://video.host.example/room-1',
      ),
      Meeting_Type__c: 'Intro call',
      Campaign__c: null,
    }),
    person: (booking) => calcomPerson(booking, ['Harmattan Freight Ltd', null]),
    tellsHost: true,
  },
};
