/** The describe types that the emulator can hold; `address` is a read-only compound of its parts. */
export type FieldType =
  | 'id'
  | 'string'
  | 'boolean'
  | 'int'
  | 'long'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'time'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'reference'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'address'
  | 'location'
  | 'encryptedstring'
  | 'base64'
  | 'anyType'
  | 'complexvalue'
  | 'json';

/** One entry of a describe's `picklistValues`. */
export interface PicklistValue {
  active: boolean;
  defaultValue: boolean;
  label: string | null;
  validFor: string | null;
  value: string;
}

/**
 * One field exactly as an sObject describe lists it, so that a recorded describe loads as it is and a describe answer
 * is this object. Lengths are characters, `byteLength` is bytes, `precision` and `scale` are decimal digits.
 */
export interface Field {
  aggregatable: boolean;
  aiPredictionField: boolean;
  autoNumber: boolean;
  byteLength: number;
  calculated: boolean;
  calculatedFormula: string | null;
  cascadeDelete: boolean;
  caseSensitive: boolean;
  compoundFieldName: string | null;
  controllerName: string | null;
  createable: boolean;
  custom: boolean;
  defaultValue: string | number | boolean | null;
  defaultValueFormula: string | null;
  defaultedOnCreate: boolean;
  dependentPicklist: boolean;
  deprecatedAndHidden: boolean;
  digits: number;
  displayLocationInDecimal: boolean;
  encrypted: boolean;
  externalId: boolean;
  extraTypeInfo: string | null;
  filterable: boolean;
  filteredLookupInfo: unknown;
  formulaTreatNullNumberAsZero: boolean;
  groupable: boolean;
  highScaleNumber: boolean;
  htmlFormatted: boolean;
  idLookup: boolean;
  inlineHelpText: string | null;
  label: string;
  length: number;
  mask: string | null;
  maskType: string | null;
  name: string;
  nameField: boolean;
  namePointing: boolean;
  nillable: boolean;
  permissionable: boolean;
  picklistValues: PicklistValue[];
  polymorphicForeignKey: boolean;
  precision: number;
  queryByDistance: boolean;
  referenceTargetField: string | null;
  referenceTo: string[];
  relationshipName: string | null;
  relationshipOrder: number | null;
  restrictedDelete: boolean;
  restrictedPicklist: boolean;
  scale: number;
  searchPrefilterable: boolean;
  soapType: string;
  sortable: boolean;
  type: FieldType;
  unique: boolean;
  updateable: boolean;
  writeRequiresMasterRead: boolean;
}

const SOAP_TYPES: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  long: 'xsd:long',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
  address: 'urn:address',
  location: 'urn:location',
  base64: 'xsd:base64Binary',
  anyType: 'xsd:anyType',
  json: 'urn:JsonValue',
};

/** What must be said about a field; everything else has the value that most fields have. */
export type FieldInit = Partial<Field> & Pick<Field, 'name' | 'label' | 'type'>;

/** Completes a field with the keys and defaults of a describe. A writable, nillable, filterable field unless told. */
export function makeField(init: FieldInit): Field {
  const { type } = init;
  const isText = ['string', 'textarea', 'email', 'phone', 'url', 'combobox', 'picklist', 'multipicklist'].includes(
    type,
  );
  const isLongText = type === 'textarea' && (init.length ?? 0) > 255;
  const length = init.length ?? (type === 'id' || type === 'reference' ? 18 : 0);
  return {
    aggregatable:
      !['boolean', 'address', 'location', 'textarea'].includes(type) || (type === 'textarea' && !isLongText),
    aiPredictionField: false,
    autoNumber: false,
    byteLength: isText ? length * 3 : length,
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: null,
    controllerName: null,
    createable: true,
    custom: false,
    defaultValue: type === 'boolean' ? false : null,
    defaultValueFormula: null,
    defaultedOnCreate: type === 'boolean',
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: false,
    extraTypeInfo: type === 'textarea' ? 'plaintextarea' : null,
    filterable: !isLongText,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: !isLongText && !['double', 'currency', 'percent', 'datetime', 'address', 'location'].includes(type),
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: false,
    inlineHelpText: null,
    length,
    mask: null,
    maskType: null,
    nameField: false,
    namePointing: init.polymorphicForeignKey ?? false,
    nillable: type !== 'boolean',
    permissionable: true,
    picklistValues: [],
    polymorphicForeignKey: false,
    precision: 0,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: [],
    relationshipName: null,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: false,
    scale: 0,
    searchPrefilterable: false,
    soapType: SOAP_TYPES[type] ?? 'xsd:string',
    sortable: !isLongText && !['multipicklist', 'address', 'location'].includes(type),
    unique: false,
    updateable: true,
    writeRequiresMasterRead: false,
    ...init,
  };
}

/** A picklist entry whose label is its value. */
export function picklistValue(value: string, isDefault = false, label = value, active = true): PicklistValue {
  return { active, defaultValue: isDefault, label, validFor: null, value };
}
