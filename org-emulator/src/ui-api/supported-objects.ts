import type { UserAccess } from '../org/access';
import type { ObjectSchema } from '../schema/object-schema';

/** Standard objects of the emulator that the UI API serves; every custom object besides. */
const SUPPORTED = new Set([
  'account',
  'campaign',
  'campaignmember',
  'case',
  'contact',
  'lead',
  'opportunity',
  'opportunitycontactrole',
  'recordtype',
  'user',
]);
/** What GraphQL adds to them: activities are in beta since version 59.0, groups are among the owners of a record. */
const GRAPHQL_ONLY = new Set(['event', 'task', 'group']);

/**
 * Whether the record resources of the UI API serve an object: activities they do not.
 *
 * @see User Interface API Developer Guide, "Supported Objects"
 */
export function isInUiApi({ name }: ObjectSchema): boolean {
  return name.endsWith('__c') || SUPPORTED.has(name.toLowerCase());
}

/**
 * The objects that a user may ask for by GraphQL.
 *
 * @see GraphQL API Developer Guide, "Polymorphic Relationship Filters": Event and Task (Beta)
 */
export function graphqlObjects(access: UserAccess): ObjectSchema[] {
  return access.objects.filter(
    (object) =>
      object.flags.queryable &&
      (isInUiApi(object) || object.name.endsWith('__mdt') || GRAPHQL_ONLY.has(object.name.toLowerCase())),
  );
}
