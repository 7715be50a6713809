/** Where a phone number is looked for, by object. More would make the query of a full batch too long. */
export const PHONE_FIELDS: Readonly<Record<'Lead' | 'Contact' | 'Account', readonly string[]>> = {
  Lead: ['Phone', 'MobilePhone'],
  Contact: ['Phone', 'MobilePhone'],
  Account: ['Phone', 'PersonMobilePhone'],
};
