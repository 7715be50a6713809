import CUSTOMER_ID_FIELD from '@salesforce/schema/Contact.Booking_Customer_Id__c';
import failed from '@salesforce/label/c.BookingActions_failed';
import noAccess from '@salesforce/label/c.BookingActions_noAccess';
import noCustomer from '@salesforce/label/c.BookingActions_noCustomer';
import notSetUp from '@salesforce/label/c.BookingActions_notSetUp';

/** In an installed package `ns__`, else empty: what the platform puts before the names of our fields. */
const PREFIX = CUSTOMER_ID_FIELD.fieldApiName.replace(/Booking_Customer_Id__c$/, '');
const BOOKING_LINK = `${PREFIX}Booking_Link__c`;
const CUSTOMER_LINK = `${PREFIX}Customer_Link__c`;
const CUSTOMER_ID = `${PREFIX}Booking_Customer_Id__c`;

/** The first three characters of the ids of records that have links. */
const OBJECTS = { '001': 'Account', '003': 'Contact', '006': 'Opportunity', '00Q': 'Lead', 500: 'Case' };

/**
 * @param {string | undefined} recordId
 * @returns {string | undefined} the object of a record that has links; undefined for every other
 */
export function objectOf(recordId) {
    return OBJECTS[(recordId ?? '').slice(0, 3)];
}

/**
 * What a record has to be read with.
 *
 * @param {string | undefined} objectApiName
 * @returns {string[] | undefined} undefined while the object is not known: a wire waits for it
 */
export function linkFields(objectApiName) {
    return objectApiName === undefined
        ? undefined
        : [BOOKING_LINK, CUSTOMER_LINK, CUSTOMER_ID].map((field) => `${objectApiName}.${field}`);
}

/**
 * Where a button leads.
 *
 * @typedef {object} Way
 * @property {string} [url] to open; absent when there is nowhere to go
 * @property {string} [problem] why there is not, for the user; absent with both while nothing is known yet
 */

/**
 * @param {{ data?: any, error?: any } | undefined} record what `getRecord` has answered so far
 * @returns {Way} of "Book customer"
 */
export function bookingWay(record) {
    return wayOf(record, BOOKING_LINK);
}

/**
 * @param {{ data?: any, error?: any } | undefined} record what `getRecord` has answered so far
 * @returns {Way} of "View customer"
 */
export function customerWay(record) {
    return wayOf(record, CUSTOMER_LINK);
}

function wayOf(record, field) {
    if (record?.error) return { problem: failed };
    const fields = record?.data?.fields;
    if (!fields) return {};
    if (!(field in fields)) return { problem: noAccess };
    const url = fields[field].value;
    if (url && isSafe(url)) return { url };
    const isUnknown = field === CUSTOMER_LINK && CUSTOMER_ID in fields && !fields[CUSTOMER_ID].value;
    return { problem: isUnknown ? noCustomer : notSetUp };
}

/**
 * Whether an address may be opened. That it leads to the host that was set up is the work of the formula, which nobody can
 * write; what is looked at here is that there was a host to begin with: encrypted, without a user in front of it that
 * hides it, or on this very machine, where the demo runs.
 *
 * @param {string} link
 */
export function isSafe(link) {
    try {
        const { protocol, hostname, username, password } = new URL(link);
        if (username || password) return false;
        if (['127.0.0.1', 'localhost'].includes(hostname)) return protocol === 'https:' || protocol === 'http:';
        return protocol === 'https:' && /^[^.]+(?:\.[^.]+)+$/.test(hostname);
    } catch {
        return false;
    }
}
