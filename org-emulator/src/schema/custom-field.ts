import { makeField, picklistValue, type Field, type FieldInit, type FieldType } from './field';
import { child, children, isTrue, number, text, type XmlElement } from '../xml/xml-element';

/** A custom field as its metadata declares it. */
export interface CustomField {
  field: Field;
  /** For a lookup: the name of the child relationship on the parent, without `__r`. */
  childRelationshipName: string | undefined;
}

/** Field types of the metadata that the emulator can hold, and what a describe calls them. */
export const CUSTOM_FIELD_TYPES: Record<string, FieldType> = {
  Text: 'string',
  Picklist: 'picklist',
  MultiselectPicklist: 'multipicklist',
  Checkbox: 'boolean',
  Url: 'url',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Html: 'textarea',
  Number: 'double',
  Currency: 'currency',
  Percent: 'percent',
  Date: 'date',
  DateTime: 'datetime',
  Time: 'time',
  Email: 'email',
  Phone: 'phone',
  Lookup: 'reference',
  MasterDetail: 'reference',
  MetadataRelationship: 'reference',
  AutoNumber: 'string',
};

const LENGTHS: Record<string, number> = {
  Picklist: 255,
  MultiselectPicklist: 4099,
  Url: 255,
  TextArea: 255,
  Email: 80,
  Phone: 40,
  AutoNumber: 30,
};

/** Types that say how long their text is. */
export const TYPES_WITH_LENGTH = new Set(['Text', 'LongTextArea', 'Html']);

/**
 * Turns the metadata of a custom field into the field that a describe would then list.
 *
 * @param name the API name, with the namespace where it has one.
 * @throws when the type is not one of `CUSTOM_FIELD_TYPES`; a check comes first.
 * @see Metadata API Developer Guide, CustomField
 */
export function customFieldOf(name: string, root: XmlElement): CustomField {
  const metadataType = text(root, 'type') ?? '';
  const type = CUSTOM_FIELD_TYPES[metadataType];
  if (!type) throw new Error(`${name} has the type ${metadataType}, which the emulator does not support`);
  const formula = text(root, 'formula');
  const isReadOnly = formula !== undefined || metadataType === 'AutoNumber';
  const isRequired = isTrue(root, 'required') || metadataType === 'MasterDetail';
  const length = number(root, 'length') ?? LENGTHS[metadataType];
  const precision = number(root, 'precision') ?? 0;
  const scale = number(root, 'scale') ?? 0;
  const isExternalId = isTrue(root, 'externalId');
  const isUnique = isTrue(root, 'unique');
  const init: FieldInit = {
    name,
    label: text(root, 'label') ?? name,
    type,
    custom: true,
    createable: !isReadOnly,
    updateable: !isReadOnly,
    calculated: formula !== undefined,
    calculatedFormula: formula ?? null,
    autoNumber: metadataType === 'AutoNumber',
    nillable: !isRequired && type !== 'boolean' && metadataType !== 'AutoNumber',
    externalId: isExternalId,
    idLookup: isExternalId,
    unique: isUnique,
    caseSensitive: isTrue(root, 'caseSensitive'),
    // Fields that every user must be able to write have no field-level security of their own.
    permissionable: !isRequired,
    inlineHelpText: text(root, 'inlineHelpText') ?? null,
    precision,
    scale,
    length: type === 'string' && formula !== undefined ? 1300 : (length ?? (type === 'reference' ? 18 : 0)),
  };
  if (type === 'picklist' || type === 'multipicklist') Object.assign(init, picklistOf(root));
  if (type === 'reference') Object.assign(init, referenceOf(name, metadataType, root));
  Object.assign(init, defaultOf(type, text(root, 'defaultValue'), init));
  return { field: makeField(init), childRelationshipName: text(root, 'relationshipName') };
}

function picklistOf(root: XmlElement): Pick<FieldInit, 'picklistValues' | 'restrictedPicklist' | 'defaultValue'> {
  const set = child(root, 'valueSet');
  const definition = child(set, 'valueSetDefinition');
  const picklistValues = children(definition, 'value').map((value) => {
    const fullName = text(value, 'fullName') ?? '';
    return picklistValue(
      fullName,
      isTrue(value, 'default'),
      text(value, 'label') ?? fullName,
      text(value, 'isActive') !== 'false',
    );
  });
  return { picklistValues, restrictedPicklist: isTrue(set, 'restricted') };
}

function referenceOf(name: string, metadataType: string, root: XmlElement): Partial<FieldInit> {
  const referenceTo = text(root, 'referenceTo');
  const deleteConstraint = text(root, 'deleteConstraint');
  return {
    referenceTo: referenceTo ? [referenceTo] : [],
    relationshipName: name.replace(/__c$/, '__r'),
    cascadeDelete: metadataType === 'MasterDetail' || deleteConstraint === 'Cascade',
    restrictedDelete: deleteConstraint === 'Restrict',
  };
}

/** Literal defaults are applied by the emulator; a default that is a formula is only described. */
function defaultOf(type: FieldType, declared: string | undefined, init: FieldInit): Partial<FieldInit> {
  const fromPicklist = init.picklistValues?.find((value) => value.defaultValue)?.value;
  if (fromPicklist !== undefined) return { defaultedOnCreate: true };
  if (declared === undefined) return {};
  if (type === 'boolean') return { defaultValue: declared === 'true' };
  const literal = /^"(.*)"$/s.exec(declared)?.[1] ?? (/^-?\d+(\.\d+)?$/.test(declared) ? Number(declared) : undefined);
  return {
    defaultedOnCreate: true,
    defaultValueFormula: declared,
    ...(literal === undefined ? {} : { defaultValue: literal }),
  };
}
