import { auditFields } from './audit-fields';
import { makeField, type Field } from './field';
import { child, isTrue, parseMetadata, text } from './metadata-xml';
import { makeObjectFlags, masterRecordType, ObjectSchema } from './object-schema';

/** A custom object or custom metadata type as its metadata declares it; its key prefix is given when it is deployed. */
export interface CustomObject {
  name: string;
  build(keyPrefix: string): ObjectSchema;
}

/** Parses one `*.object-meta.xml` of a custom object (`__c`) or custom metadata type (`__mdt`). */
export function parseCustomObject(path: string, name: string, xml: string): CustomObject {
  const root = parseMetadata(path, xml, 'CustomObject');
  const label = text(root, 'label') ?? name;
  const labelPlural = text(root, 'pluralLabel') ?? label;
  const isMetadataType = name.endsWith('__mdt');
  const nameNode = child(root, 'nameField');
  const fields = (): Field[] => {
    if (isMetadataType) return metadataTypeFields(label);
    const isAutoNumber = text(nameNode, 'type') === 'AutoNumber';
    return [
      ...auditFields(label),
      makeField({
        name: 'Name',
        label: text(nameNode, 'label') ?? `${label} Name`,
        type: 'string',
        length: 80,
        nameField: true,
        idLookup: true,
        autoNumber: isAutoNumber,
        createable: !isAutoNumber,
        updateable: !isAutoNumber,
        nillable: !isAutoNumber,
        defaultedOnCreate: isAutoNumber,
        permissionable: false,
      }),
      makeField({
        name: 'OwnerId',
        label: 'Owner ID',
        type: 'reference',
        referenceTo: ['Group', 'User'],
        relationshipName: 'Owner',
        polymorphicForeignKey: true,
        nillable: false,
        defaultedOnCreate: true,
        permissionable: false,
      }),
    ];
  };
  return {
    name,
    build: (keyPrefix) =>
      new ObjectSchema(
        makeObjectFlags({
          name,
          label,
          labelPlural,
          keyPrefix,
          custom: true,
          ...(isMetadataType ? { createable: false, updateable: false, deletable: false, undeletable: false } : {}),
          customSetting: isTrue(root, 'customSettingsType'),
        }),
        fields(),
        [],
        [masterRecordType(name)],
      ),
  };
}

function metadataTypeFields(label: string): Field[] {
  const readOnly = { createable: false, updateable: false, nillable: false } as const;
  return [
    ...auditFields(label).filter((field) => field.name === 'Id' || field.name === 'SystemModstamp'),
    makeField({ name: 'DeveloperName', label: 'Custom Metadata Record Name', type: 'string', length: 40, ...readOnly }),
    makeField({ name: 'MasterLabel', label: 'Label', type: 'string', length: 40, ...readOnly }),
    makeField({ name: 'QualifiedApiName', label: 'Qualified API Name', type: 'string', length: 70, ...readOnly }),
    makeField({ name: 'Language', label: 'Master Language', type: 'picklist', length: 40, ...readOnly }),
  ];
}
