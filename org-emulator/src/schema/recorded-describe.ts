import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normaliseId } from '../records/record-id';
import { makeField, type Field, type FieldInit } from './field';
import {
  makeObjectFlags,
  MASTER_RECORD_TYPE_ID,
  masterRecordType,
  ObjectSchema,
  type ChildRelationship,
  type ObjectFlags,
  type RecordTypeInfo,
} from './object-schema';

/** A record type with what every version tells about one. */
type RecordedRecordType = Partial<RecordTypeInfo> & Pick<RecordTypeInfo, 'name' | 'recordTypeId'>;

interface RecordedDescribe extends Partial<ObjectFlags> {
  name: string;
  label: string;
  labelPlural: string;
  keyPrefix: string | null;
  fields: FieldInit[];
  childRelationships?: ChildRelationship[];
  recordTypeInfos?: RecordedRecordType[];
}

/**
 * Reads the recorded sObject describes of a folder (files whose JSON has `name`, `fields` and `keyPrefix`; others, such
 * as a recorded global describe, are passed over). Keys that an old API version did not have get their defaults.
 */
export function readRecordedDescribes(directory: string): ObjectSchema[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const json: unknown = JSON.parse(readFileSync(join(directory, file), 'utf8'));
      return isRecordedDescribe(json) ? [fromRecording(json)] : [];
    });
}

function isRecordedDescribe(json: unknown): json is RecordedDescribe {
  if (typeof json !== 'object' || json === null) return false;
  const { name, fields, keyPrefix } = json as Record<string, unknown>;
  return typeof name === 'string' && Array.isArray(fields) && (typeof keyPrefix === 'string' || keyPrefix === null);
}

function fromRecording(json: RecordedDescribe): ObjectSchema {
  const { fields, childRelationships, recordTypeInfos, ...flags } = json;
  const known = makeObjectFlags({
    name: json.name,
    label: json.label,
    labelPlural: json.labelPlural,
    keyPrefix: json.keyPrefix,
  });
  for (const key of Object.keys(known) as (keyof ObjectFlags)[]) {
    const recorded = flags[key];
    if (recorded !== undefined) Object.assign(known, { [key]: recorded });
  }
  const infos = (recordTypeInfos ?? []).map(completeRecordType);
  return new ObjectSchema(
    known,
    fields.map((field) => completeField(field)),
    childRelationships ?? [],
    infos.some((info) => info.master) ? infos : [...infos, masterRecordType(json.name)],
  );
}

/** Old versions do not tell the developer name; it is made of the label, as the setup page makes it. */
function completeRecordType(recorded: RecordedRecordType): RecordTypeInfo {
  const isMaster = normaliseId(recorded.recordTypeId) === MASTER_RECORD_TYPE_ID;
  return {
    active: true,
    available: true,
    defaultRecordTypeMapping: false,
    developerName: recorded.name.replace(/\W+/g, '_'),
    master: isMaster,
    urls: { layout: '' },
    ...recorded,
    recordTypeId: normaliseId(recorded.recordTypeId) ?? recorded.recordTypeId,
  };
}

function completeField(recorded: FieldInit): Field {
  return makeField({
    ...recorded,
    picklistValues: recorded.picklistValues ?? [],
    referenceTo: recorded.referenceTo ?? [],
  });
}
