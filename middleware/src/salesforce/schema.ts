import { isJson, jsonList, type Json } from './json';

/** One value of a picklist, as describe lists it. */
export interface PicklistValue {
  value: string;
  label: string;
  /** Inactive values are kept on old records and refused on new ones when the picklist is restricted. */
  active: boolean;
  default: boolean;
}

/**
 * What describe says about one field, for the user who asked: a field that the user may not see is not listed at all,
 * and one that the user may only read has `createable` and `updateable` false.
 *
 * @see https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_describesobjects_describesobjectresult.htm
 */
export interface FieldSchema {
  /** API name, with the namespace where there is one. */
  name: string;
  label: string;
  /** Describe's own word: `string`, `picklist`, `reference`, `datetime`, `double`, ... */
  type: string;
  /** Longest text in characters; 0 for types that are not text. */
  length: number;
  /** All digits of a decimal number; 0 for other types. */
  precision: number;
  /** Digits after the point; 0 for other types. */
  scale: number;
  /** Digits of an int; 0 for other types. */
  digits: number;
  nillable: boolean;
  createable: boolean;
  updateable: boolean;
  defaultedOnCreate: boolean;
  externalId: boolean;
  unique: boolean;
  /** May be named in an upsert or in a nested reference. */
  idLookup: boolean;
  filterable: boolean;
  /** A formula: never writable. */
  calculated: boolean;
  autoNumber: boolean;
  custom: boolean;
  /** Field-level security governs it; what it hides is not listed at all. */
  permissionable: boolean;
  restrictedPicklist: boolean;
  picklistValues: PicklistValue[];
  /** API name of the field that decides which values are legal, null when none does. */
  controllerName: string | null;
  /** The compound field (an address, a name) that this one is a part of, null when it stands alone. */
  compoundFieldName: string | null;
  /** Objects that a lookup may point to; empty for other types. */
  referenceTo: string[];
  /** The name for nested references and queries (`Account` for `AccountId`), null when there is none. */
  relationshipName: string | null;
  /** A lookup to several objects, whose nested reference must name the type (`WhoId`, `WhatId`, `OwnerId`). */
  polymorphic: boolean;
}

/** A record type. Two may share a developer name, so the id is what tells them apart. */
export interface RecordTypeSchema {
  /** 18-character id. */
  id: string;
  developerName: string;
  name: string;
  active: boolean;
  /** The user who asked may use it. */
  available: boolean;
  default: boolean;
  /** The record type that every object has, used where no other is. */
  master: boolean;
}

/** What describe says about one object, for the user who asked. */
export interface ObjectSchema {
  name: string;
  label: string;
  /** First three characters of every id of the object; null for objects without ids of their own. */
  keyPrefix: string | null;
  createable: boolean;
  updateable: boolean;
  deletable: boolean;
  custom: boolean;
  /** By API name, as spelled by describe. Without a prototype, so that a lookup finds fields only. */
  fields: Readonly<Record<string, FieldSchema>>;
  recordTypes: RecordTypeSchema[];
}

/** The objects that were asked for and that the user can see. An object that is absent is missing or invisible. */
export interface OrgSchema {
  /** By API name, without a prototype, so that a lookup finds objects only. */
  objects: Readonly<Record<string, ObjectSchema>>;
  /** The org's schema stamp (the ETag of every describe); it changes when any object does. Null when the org sent none. */
  stamp: string | null;
  /** ISO 8601 in UTC. */
  readAt: string;
}

/**
 * Reads a describe body, or one kept from an earlier API version: a key that is missing counts as no, none or 0.
 *
 * @param describe the parsed JSON of `GET /sobjects/<Object>/describe`.
 * @throws TypeError when it is no describe at all (not an object, or without a name).
 * @see https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm
 */
export function objectSchemaFromDescribe(describe: unknown): ObjectSchema {
  if (!isJson(describe) || typeof describe.name !== 'string' || describe.name === '') {
    throw new TypeError('Expected the describe of an object with a name, got something else');
  }
  return {
    name: describe.name,
    label: text(describe.label) ?? describe.name,
    keyPrefix: text(describe.keyPrefix),
    createable: describe.createable === true,
    updateable: describe.updateable === true,
    deletable: describe.deletable === true,
    custom: describe.custom === true,
    fields: byName(jsonList(describe.fields).map(fieldSchema)),
    recordTypes: jsonList(describe.recordTypeInfos).map(recordTypeSchema),
  };
}

/**
 * Puts objects or fields under their names, in an object without a prototype: a name out of an admin's settings
 * (`constructor`) then finds nothing that is not in it.
 */
export function byName<T extends { name: string }>(things: readonly T[]): Readonly<Record<string, T>> {
  const named = Object.create(null) as Record<string, T>;
  for (const thing of things) {
    if (thing.name !== '') named[thing.name] = thing;
  }
  return named;
}

/**
 * Fields without which describe says a create is refused: createable, not nillable, not defaulted. Booleans are never
 * among them. The answer is a lower bound: what a layout, a validation rule, an Apex trigger or the object itself asks
 * for (an Event's start and end) is not in describe.
 */
export function requiredOnCreate(object: ObjectSchema): FieldSchema[] {
  return Object.values(object.fields).filter(
    (field) => field.createable && !field.nillable && !field.defaultedOnCreate && field.type !== 'boolean',
  );
}

/** Whether the org has person accounts: Account then has the field `IsPersonAccount`. False when Account is not visible. */
export function hasPersonAccounts(schema: OrgSchema): boolean {
  return schema.objects['Account']?.fields['IsPersonAccount'] !== undefined;
}

function fieldSchema(field: Json): FieldSchema {
  const name = text(field.name) ?? '';
  return {
    name,
    label: text(field.label) ?? name,
    type: text(field.type) ?? 'string',
    length: count(field.length),
    precision: count(field.precision),
    scale: count(field.scale),
    digits: count(field.digits),
    nillable: field.nillable === true,
    createable: field.createable === true,
    updateable: field.updateable === true,
    defaultedOnCreate: field.defaultedOnCreate === true,
    externalId: field.externalId === true,
    unique: field.unique === true,
    idLookup: field.idLookup === true,
    filterable: field.filterable === true,
    calculated: field.calculated === true,
    autoNumber: field.autoNumber === true,
    custom: field.custom === true,
    permissionable: field.permissionable === true,
    restrictedPicklist: field.restrictedPicklist === true,
    picklistValues: jsonList(field.picklistValues).map((value) => ({
      value: text(value.value) ?? '',
      label: text(value.label) ?? text(value.value) ?? '',
      active: value.active === true,
      default: value.defaultValue === true,
    })),
    controllerName: text(field.controllerName),
    compoundFieldName: text(field.compoundFieldName),
    referenceTo: Array.isArray(field.referenceTo)
      ? field.referenceTo.filter((target): target is string => typeof target === 'string')
      : [],
    relationshipName: text(field.relationshipName),
    // A lookup with one target today may still be of the polymorphic kind, so the flag counts beside the number.
    polymorphic:
      field.polymorphicForeignKey === true || (Array.isArray(field.referenceTo) && field.referenceTo.length > 1),
  };
}

function recordTypeSchema(info: Json): RecordTypeSchema {
  const name = text(info.name) ?? '';
  return {
    id: text(info.recordTypeId) ?? '',
    developerName: text(info.developerName) ?? name,
    name,
    // Describes older than v43 do not say whether a record type is active; what they list is.
    active: info.active !== false,
    available: info.available === true,
    default: info.defaultRecordTypeMapping === true,
    master: info.master === true,
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
