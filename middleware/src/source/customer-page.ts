/** What the address of a customer's page may name of him. */
const PLACEHOLDERS = ['customer.id', 'customer.email'] as const;

/** Who is to be shown, as the system knows him. */
export interface ShownCustomer {
  /** The system's own id of the customer. */
  id: string | null;
  email: string | null;
}

/**
 * What is wrong with the address of a customer's page in a scheduling system, such as
 * `https://app.example.com/customers/{customer.id}`. Pure.
 *
 * @returns a sentence that says what is taken instead; null when nothing is wrong.
 */
export function customerPageFault(template: string): string | null {
  const names = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '');
  const unknown = names.find((name) => !PLACEHOLDERS.some((known) => known === name));
  if (unknown !== undefined) return `There is no {${unknown}}: write {customer.id} or {customer.email}.`;
  if (names.length === 0) return 'Write {customer.id} or {customer.email} where the system has the customer.';
  const url = filled(template, { id: 'x', email: 'x' });
  if (url === null) return 'Give a whole address, such as https://app.example.com/customers/{customer.id}.';
  if (url.protocol !== 'https:') return 'Give an address that begins with https://.';
  if (url.username !== '' || url.password !== '') return 'Give an address without a user name and password in it.';
  // A customer must not decide which site is opened.
  const other = filled(template, { id: 'y', email: 'y' });
  if (url.host !== other?.host) return 'Name the customer behind the host only: in the path or in the query.';
  return null;
}

/**
 * The page of a customer in the system. Values are encoded, so that they stay what they are wherever they stand. Pure.
 *
 * @returns null where the system has told nothing of him that the address needs.
 */
export function customerPageUrl(template: string, customer: ShownCustomer): string | null {
  if (customerPageFault(template) !== null) return null;
  const names = [...template.matchAll(/\{customer\.(id|email)\}/g)].map(([, name]) => name as 'id' | 'email');
  if (names.some((name) => !isUsable(customer[name]))) return null;
  return filled(template, customer)?.href ?? null;
}

/** Dots alone are a step in a path, even when they are encoded. */
function isUsable(value: string | null): boolean {
  return value !== null && value.trim() !== '' && !/^\.{1,2}$/.test(value.trim());
}

function filled(template: string, { id, email }: ShownCustomer): URL | null {
  const text = template
    .replaceAll('{customer.id}', () => encoded(id))
    .replaceAll('{customer.email}', () => encoded(email));
  return URL.canParse(text) ? new URL(text) : null;
}

/** A lone half of a character cannot be encoded: it stands for no character. */
function encoded(value: string | null): string {
  return encodeURIComponent((value ?? '').trim().toWellFormed());
}
