import { ACCOUNT_ID, candidate, CONTACT_ID, LEAD_ID, settingsWith } from '../../test/support/candidate';
import type { CustomerObject } from '../settings/objects';
import { adoptedBy } from './duplicates';

const LEAD = { sobject: 'Lead', id: LEAD_ID };
const CONTACT = { sobject: 'Contact', id: CONTACT_ID };
const ACCOUNT = { sobject: 'Account', id: ACCOUNT_ID };
const EMAIL = 'Alpha@Example.test';
const found = new Map([
  [LEAD_ID, { Id: LEAD_ID, Email: EMAIL }],
  [CONTACT_ID, { Id: CONTACT_ID, Email: EMAIL }],
  [ACCOUNT_ID, { Id: ACCOUNT_ID, PersonEmail: EMAIL }],
  ['003000000000009AAA', { Id: '003000000000009AAA', Email: 'other@example.test' }],
]);

describe('adoptedBy', () => {
  it.each<[string, CustomerObject[], { sobject: string; id: string }[], object | null]>([
    ['the record with the e-mail', ['Contact', 'Lead'], [CONTACT], { sobject: 'Contact', recordId: CONTACT_ID }],
    [
      'it once, though two rules name it',
      ['Contact', 'Lead'],
      [CONTACT, CONTACT],
      { sobject: 'Contact', recordId: CONTACT_ID },
    ],
    ['the Person Account', ['PersonAccount'], [ACCOUNT], { sobject: 'PersonAccount', recordId: ACCOUNT_ID }],
    ['none with another e-mail', ['Contact'], [{ sobject: 'Contact', id: '003000000000009AAA' }], null],
    ['none of an object that is not looked for', ['Lead'], [CONTACT], null],
    ['none of two that fit', ['Contact', 'Lead'], [CONTACT, LEAD], null],
    ['none that could not be read', ['Lead'], [{ sobject: 'Lead', id: '00Q000000000009AAA' }], null],
  ])('takes %s', (_title, searchOrder, named, expected) => {
    const settings = settingsWith({ rules: { searchOrder } });
    expect(adoptedBy(candidate('alpha', { settings }), named, found)).toEqual(expected);
  });

  it('takes none for a customer without e-mail', () => {
    const one = candidate('alpha', {
      state: { customer: { ...candidate().booking.state.customer, email: null } as never },
    });
    expect(adoptedBy(one, [CONTACT], found)).toBeNull();
  });
});
