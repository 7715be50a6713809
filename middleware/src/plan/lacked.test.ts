import { candidate, CONTACT_ID, LEAD_ID, settingsWith, written, type matched } from '../../test/support/candidate';
import { customer } from '../../test/support/builders';
import { decisionOf, foundContact, foundPerson, liveEvent, plan } from '../../test/support/plan';
import { field, orgView } from '../../test/support/schema';
import { planChange } from './plan-change';

const NOW = new Date('2026-10-05T01:12:11.000Z');
const readOnly = (name: string) => field(name, { createable: false, updateable: false });
const missing = (name: string) => ({
  state: 'parked',
  class: 'scoped',
  code: 'RIGHT_MISSING',
  cause: expect.stringContaining(`The API user lacks the right "${name}"`),
});
const partsOf = (
  org: Parameters<typeof orgView>[0],
  more: Parameters<typeof candidate>[1] = {},
  match: Parameters<typeof matched>[0] = {},
) => {
  const one = candidate('alpha', more);
  return decisionOf(plan([[one, match]], orgView(org)), one);
};

describe('a new customer waits for the right', () => {
  it.each([
    ['to see another object that he may be among', ['Contact'], 'Read Contact'],
    ['to find by e-mail address', ['Contact.Email'], 'Read Contact.Email'],
    ['to a field that the booking has a value for', ['Lead.Company'], 'Edit Lead.Company'],
    ['to the id of the customer', ['Lead.Booking_Customer_Id__c'], 'Edit Lead.Booking_Customer_Id__c'],
  ])('%s', (_title, without, name) => {
    expect(partsOf({ without }).parts).toMatchObject({ person: missing(name), event: { state: 'waiting' } });
  });

  it('that is not missing for a booking without a value', () => {
    const nobody = customer('alpha@example.test', { company: null, phone: null });
    const settings = settingsWith({ required: { Lead: { Company: { text: 'Unspecified' } } } });
    expect(partsOf({ without: ['Lead.Phone'] }, { event: { customer: nobody }, settings }).parts).toEqual({});
  });

  it('to an Account for him', () => {
    const settings = settingsWith({ rules: { unknownCustomer: 'Contact', contactAccount: 'create' } });
    const create = {
      person: { kind: 'create', object: 'Contact' },
      account: { kind: 'create', name: 'Acme' },
    } as const;
    expect(partsOf({ without: ['Contact.AccountId'] }, { settings }, create).parts.person).toMatchObject(
      missing('Edit Contact.AccountId'),
    );
  });
});

describe('a known customer', () => {
  it('has his Event, and waits for what cannot be written into his record', () => {
    const settings = settingsWith({ rows: { Lead: [{ field: 'Phone', from: 'customer.company' }] } });
    const { flaws, parts } = partsOf(
      { fields: { Lead: [readOnly('Phone')] } },
      { settings },
      { person: foundPerson(), event: null },
    );
    expect(flaws?.person).toMatchObject(missing('Edit Lead.Phone'));
    expect(parts.event).toBeUndefined();
  });

  it('waits where his id cannot be written', () => {
    const { flaws } = partsOf(
      { without: ['Contact.Booking_Customer_Id__c'] },
      {},
      { person: foundContact({ record: { Id: CONTACT_ID, Booking_Customer_Id__c: null } }) },
    );
    expect(flaws?.person).toMatchObject(missing('Edit Contact.Booking_Customer_Id__c'));
  });
});

describe('an Event waits for the right', () => {
  it.each([
    ['to its person', ['Event.WhoId'], 'Edit Event.WhoId'],
    ['to its checkbox', ['Event.IsAllDayEvent'], 'Edit Event.IsAllDayEvent'],
    ['to a field of the package', ['Event.Meeting_Type__c'], 'Edit Event.Meeting_Type__c'],
  ])('%s, new or not', (_title, without, name) => {
    expect(partsOf({ without }, {}, { person: foundPerson() }).parts.event).toMatchObject(missing(name));
    const live = partsOf({ without }, {}, { person: foundPerson(), event: liveEvent() }).parts.event;
    if (name === 'Edit Event.WhoId') expect(live).toMatchObject({ state: 'written' });
    else expect(live).toMatchObject(missing(name));
  });

  it('and is then not changed by the short way', () => {
    const one = candidate('alpha', { written: written({ status: 'Scheduled' }), state: { subject: 'Other' } });
    expect(planChange(one, orgView(), NOW)).not.toBeNull();
    for (const without of ['Event.Meeting_Type__c', 'Event.IsAllDayEvent'])
      expect(planChange(one, orgView({ without: [without] }), NOW)).toBeNull();
  });
});

it('names two rights together', () => {
  const cause = partsOf({ without: ['Contact.Email', 'Lead.Email'] }).parts.person;
  expect(cause).toMatchObject({
    cause: expect.stringMatching(/"Edit Lead\.Email".*"Read Contact\.Email"|"Read Contact\.Email".*"Edit Lead\.Email"/),
  });
});

it('holds back guests whom nobody could look for', () => {
  const settings = settingsWith({ rules: { guests: 'invite' } });
  const guests = [{ email: 'guest@example.test', name: null }];
  const decision = partsOf(
    { without: ['Contact.Email'] },
    { settings, state: { guests } },
    { person: foundPerson({ recordId: LEAD_ID }) },
  );
  expect(decision.parts.relations).toMatchObject(missing('Read Contact.Email'));
});
