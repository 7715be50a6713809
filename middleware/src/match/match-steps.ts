/** How a booking's customer is looked for, in this order: the first step that leads to a record ends the search. */
export const MATCH_STEPS = [
  { via: 'link', by: 'the record id of the booking link' },
  { via: 'customerId', by: 'the external customer id' },
  { via: 'storedLink', by: 'the record this customer was linked to before' },
  { via: 'duplicateRule', by: 'the record that a duplicate rule named' },
  { via: 'email', by: 'the e-mail' },
  { via: 'phone', by: 'the phone number' },
  { via: 'name', by: 'the name of the Opportunity' },
] as const;

export type MatchVia = (typeof MATCH_STEPS)[number]['via'];
