/** Records that stand for a person. */
export const PERSON_OBJECTS = ['Lead', 'Contact', 'PersonAccount'] as const;

/** What a customer can be: a person record, or an Opportunity where a team keeps its clients as Opportunities. */
export const CUSTOMER_OBJECTS = [...PERSON_OBJECTS, 'Opportunity'] as const;
export type CustomerObject = (typeof CUSTOMER_OBJECTS)[number];

/** Records that a booking can be related to, besides its person. */
export const RELATED_OBJECTS = ['Account', 'Opportunity', 'Case'] as const;
export type RelatedObject = (typeof RELATED_OBJECTS)[number];

/** Everything that has field mappings, record types and creation rules of its own. */
export const MAPPED_OBJECTS = ['Lead', 'Contact', 'PersonAccount', 'Account', 'Case', 'Opportunity', 'Event'] as const;
export type MappedObject = (typeof MAPPED_OBJECTS)[number];

/** Mapped objects that may be there before the booking, so that a rule says what becomes of them. */
export const EXISTING_OBJECTS = ['Lead', 'Contact', 'PersonAccount', 'Account', 'Case', 'Opportunity'] as const;
export type ExistingObject = (typeof EXISTING_OBJECTS)[number];

/** The API name: a Person Account is an Account. */
export function sobjectOf(object: MappedObject): string {
  return object === 'PersonAccount' ? 'Account' : object;
}
