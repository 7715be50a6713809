/** The parts that Salesforce's person records have; a last name is always there when anything is. */
export interface PersonName {
  firstName: string | null;
  lastName: string | null;
}

/**
 * The name parts of a customer. A source that gives both parts is believed; a single full name is split at its last
 * space (the ideographic one included), so that "Anna Maria Berg" is Berg. Pure.
 */
export function personName(given: {
  name: string | null;
  firstName: string | null;
  lastName: string | null;
}): PersonName {
  if (given.lastName !== null) return { firstName: given.firstName, lastName: given.lastName };
  const words = (given.name ?? '').split(/[\s\u3000]+/u).filter((word) => word !== '');
  const lastName = words.pop() ?? null;
  const firstName = words.length > 0 ? words.join(' ') : null;
  // A first name alone must not be lost: Salesforce requires the last name only.
  if (lastName === null) return { firstName: null, lastName: given.firstName };
  return given.firstName !== null && firstName === null && lastName !== given.firstName
    ? { firstName: given.firstName, lastName }
    : { firstName, lastName };
}
