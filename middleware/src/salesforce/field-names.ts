/**
 * Everything that the Salesforce package names, without suffix and namespace. A name that is not listed is Salesforce's
 * or the admin's own and is never given our namespace.
 */
const PACKAGE_NAMES: ReadonlySet<string> = new Set([
  'Booking_Customer_Id',
  'Booking_Id',
  'Booking_Link',
  'Booking_Setting',
  'Booking_Source',
  'Campaign',
  'Cancel_Reschedule_Reason',
  'Customer_Link',
  'Event_Status',
  'Meeting_Type',
]);

/** `Booking_Id__c` as stem and suffix; `__pc` and `__pr` are a Contact's fields as Account shows them. */
const CUSTOM_NAME = /^(?<stem>[A-Za-z]\w*?)(?<suffix>__(?:c|r|pc|pr|mdt))$/;

/** Translates between the names that this code writes and those of one org. */
export interface FieldNames {
  /** The package's namespace in that org, null where the package was deployed without one. */
  readonly namespace: string | null;
  /**
   * The name in the org: `Booking_Id__c` becomes `bkconn__Booking_Id__c` there. Standard names, the admin's own and
   * names that carry the namespace already come back unchanged.
   */
  name(local: string): string;
  /** The other way: the name without our namespace; every other name comes back unchanged. */
  local(name: string): string;
}

/**
 * The one place that builds namespaced names. A managed or namespaced package puts its namespace before each name of
 * its own, and only before those.
 *
 * @param namespace 1 to 15 letters, digits and single underscores, starting with a letter; null for none.
 * @throws TypeError when that is no namespace.
 * @see https://developer.salesforce.com/docs/atlas.en-us.pkg2_dev.meta/pkg2_dev/sfdx_dev_unlocked_pkg_namespace.htm
 */
export function createFieldNames(namespace: string | null): FieldNames {
  if (namespace !== null && !/^(?=.{1,15}$)[A-Za-z](?:_?[A-Za-z0-9])*$/.test(namespace)) {
    throw new TypeError('Expected a package namespace of up to 15 letters, digits and single underscores, or null');
  }
  const prefix = namespace === null ? '' : `${namespace}__`;
  return {
    namespace,
    name: (local) => (isPackageName(local) ? `${prefix}${local}` : local),
    local: (name) => {
      const rest = name.slice(prefix.length);
      return name.startsWith(prefix) && isPackageName(rest) ? rest : name;
    },
  };
}

function isPackageName(name: string): boolean {
  const stem = CUSTOM_NAME.exec(name)?.groups?.['stem'];
  return stem !== undefined && PACKAGE_NAMES.has(stem);
}
