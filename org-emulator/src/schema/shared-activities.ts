import { makeField } from './field';
import { makeChildRelationship, type ObjectSchema } from './object-schema';

/**
 * Gives EventRelation the flags that tell people and things an Event is about from those invited to it, and Event the
 * list of its people.
 *
 * @see Object Reference, EventRelation and "JunctionIdList"
 */
export function addSharedActivityFields(event: ObjectSchema, relation: ObjectSchema): void {
  for (const [name, label] of [
    ['IsParent', 'Is Parent'],
    ['IsWhat', 'Is What'],
    ['IsInvitee', 'Is Invitee'],
  ] as const) {
    // An invitation is what a row is that says nothing else.
    const defaultValue = name === 'IsInvitee';
    relation.putField(makeField({ name, label, type: 'boolean', nillable: false, updateable: false, defaultValue }));
  }
  event.childRelationships.push({
    ...makeChildRelationship({
      childSObject: 'EventWhoRelation',
      field: 'EventId',
      relationshipName: 'EventWhoRelations',
    }),
    junctionIdListNames: ['EventWhoIds'],
    junctionReferenceTo: ['Contact', 'Lead'],
  });
}
