import { request } from 'host/page';
import { wireAdapter } from 'host/wireAdapter';

/** Emits a record with the fields that are wanted, and those of the optional ones that the user may see. */
export const getRecord = wireAdapter(['recordId'], ({ recordId, fields, optionalFields }) => {
    const query = new URLSearchParams();
    if (fields) query.set('fields', names(fields));
    if (optionalFields) query.set('optionalFields', names(optionalFields));
    return request('GET', `/ui-api/records/${recordId}?${query}`);
});

/** Changes a record; whoever shows it is told. */
export async function updateRecord({ fields }) {
    const { Id, ...changes } = fields;
    const record = await request('PATCH', `/ui-api/records/${Id}`, { fields: changes });
    await notifyRecordUpdateAvailable([{ recordId: Id }]);
    return record;
}

/** Makes whoever shows one of these records read it again. */
export async function notifyRecordUpdateAvailable(records) {
    const ids = records.map(({ recordId }) => recordId);
    await getRecord.refreshAll(({ recordId }) => ids.includes(recordId));
}

/** The value of a field of a record that was read. */
export function getFieldValue(record, field) {
    return fieldOf(record, field)?.value;
}

/** What a person reads of a field. */
export function getFieldDisplayValue(record, field) {
    return fieldOf(record, field)?.displayValue;
}

function fieldOf(record, field) {
    const [, ...path] = nameOf(field).split('.');
    return path.reduce((found, name) => (found?.value ?? found)?.fields?.[name], record);
}

function names(fields) {
    return [fields].flat().map(nameOf).join(',');
}

function nameOf(field) {
    return typeof field === 'string' ? field : `${field.objectApiName}.${field.fieldApiName}`;
}
