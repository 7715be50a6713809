import type { ApiContext } from '../rest/api-request';
import type { Field } from '../schema/field';
import { MASTER_RECORD_TYPE_ID, type ObjectSchema } from '../schema/object-schema';

/** The UI API's name of a field's type where it is not the describe's with a capital. */
const DATA_TYPES: Readonly<Record<string, string>> = {
  id: 'Reference',
  datetime: 'DateTime',
  textarea: 'TextArea',
  combobox: 'ComboBox',
  multipicklist: 'MultiPicklist',
  encryptedstring: 'EncryptedString',
};

/**
 * What a user may know of an object: his fields, and what he may do with them.
 *
 * @see User Interface API Developer Guide, "Object Info"
 */
export function objectInfo(context: ApiContext, object: ObjectSchema): Record<string, unknown> {
  const { flags } = object;
  const infos = object.recordTypeInfos.map((info) => [
    info.recordTypeId,
    {
      available: info.available,
      defaultRecordTypeMapping: info.defaultRecordTypeMapping,
      master: info.master,
      name: info.name,
      recordTypeId: info.recordTypeId,
    },
  ]);
  const chosen = object.recordTypeInfos.find((info) => info.defaultRecordTypeMapping);
  return {
    apiName: object.name,
    associateEntityType: flags.associateEntityType,
    associateParentEntity: flags.associateParentEntity,
    childRelationships: object.childRelationships.flatMap((child) =>
      child.relationshipName === null
        ? []
        : [
            {
              childObjectApiName: child.childSObject,
              fieldName: child.field,
              junctionIdListNames: child.junctionIdListNames,
              junctionReferenceTo: child.junctionReferenceTo,
              relationshipName: child.relationshipName,
            },
          ],
    ),
    createable: flags.createable,
    custom: flags.custom,
    defaultRecordTypeId: chosen?.recordTypeId ?? MASTER_RECORD_TYPE_ID,
    deletable: flags.deletable,
    dependentFields: {},
    eTag: context.org.schema.etag.replace(/\W/g, ''),
    feedEnabled: flags.feedEnabled,
    fields: Object.fromEntries(object.fields.map((field) => [field.name, fieldInfo(context, field)])),
    keyPrefix: flags.keyPrefix,
    label: flags.label,
    labelPlural: flags.labelPlural,
    layoutable: flags.layoutable,
    mruEnabled: flags.mruEnabled,
    nameFields: object.fields.filter(({ nameField }) => nameField).map(({ name }) => name),
    queryable: flags.queryable,
    recordTypeInfos: Object.fromEntries(infos) as Record<string, unknown>,
    searchable: flags.searchable,
    themeInfo: null,
    updateable: flags.updateable,
  };
}

function fieldInfo(context: ApiContext, field: Field): Record<string, unknown> {
  return {
    apiName: field.name,
    calculated: field.calculated,
    compound: field.type === 'address' || field.type === 'location',
    compoundComponentName: null,
    compoundFieldName: field.compoundFieldName,
    controllerName: field.controllerName,
    controllingFields: field.controllerName === null ? [] : [field.controllerName],
    createable: field.createable,
    custom: field.custom,
    dataType: DATA_TYPES[field.type] ?? field.type.charAt(0).toUpperCase() + field.type.slice(1),
    extraTypeInfo: field.extraTypeInfo,
    filterable: field.filterable,
    filteredLookupInfo: null,
    highScaleNumber: field.highScaleNumber,
    htmlFormatted: field.htmlFormatted,
    inlineHelpText: field.inlineHelpText,
    label: field.label,
    length: field.length,
    maskType: field.maskType,
    nameField: field.nameField,
    polymorphicForeignKey: field.polymorphicForeignKey,
    precision: field.precision,
    reference: field.type === 'reference',
    referenceTargetField: field.referenceTargetField,
    referenceToInfos: field.referenceTo.flatMap((name) => {
      const target = context.access.object(name);
      const nameFields = target?.fields.filter(({ nameField }) => nameField).map((nameField) => nameField.name);
      return target ? [{ apiName: target.name, nameFields }] : [];
    }),
    relationshipName: field.relationshipName,
    required: !field.nillable && !field.defaultedOnCreate && field.createable,
    scale: field.scale,
    searchPrefilterable: field.searchPrefilterable,
    sortable: field.sortable,
    unique: field.unique,
    updateable: field.updateable,
  };
}
