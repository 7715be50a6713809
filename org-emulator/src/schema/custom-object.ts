import { auditFields } from './audit-fields';
import { makeField, type Field } from './field';
import { child, isTrue, text, type XmlElement } from '../xml/xml-element';
import { makeObjectFlags, masterRecordType, ObjectSchema } from './object-schema';

/** A custom object or custom metadata type as its metadata declares it; its key prefix is given when it is deployed. */
export interface CustomObject {
  name: string;
  label: string;
  labelPlural: string;
  build(keyPrefix: string): ObjectSchema;
}

/** Understands the metadata of a custom object (`__c`) or custom metadata type (`__mdt`). */
export function customObjectOf(name: string, root: XmlElement): CustomObject {
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
    label,
    labelPlural,
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
  const readOnly = { createable: false, updateable: false, nillable: false, permissionable: false } as const;
  return [
    ...auditFields(label).filter((field) => field.name === 'Id' || field.name === 'SystemModstamp'),
    makeField({ name: 'DeveloperName', label: 'Custom Metadata Record Name', type: 'string', length: 40, ...readOnly }),
    makeField({ name: 'MasterLabel', label: 'Label', type: 'string', length: 40, ...readOnly }),
    makeField({ name: 'QualifiedApiName', label: 'Qualified API Name', type: 'string', length: 70, ...readOnly }),
    makeField({
      name: 'NamespacePrefix',
      label: 'Namespace Prefix',
      type: 'string',
      length: 15,
      ...readOnly,
      nillable: true,
    }),
    makeField({ name: 'Language', label: 'Master Language', type: 'picklist', length: 40, ...readOnly }),
  ];
}
