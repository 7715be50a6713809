import { LightningElement, api, wire } from 'lwc';
import { NavigationMixin } from 'lightning/navigation';
import { getRecord } from 'lightning/uiRecordApi';
import CUSTOMER_ID_FIELD from '@salesforce/schema/Contact.Booking_Customer_Id__c';
import book from '@salesforce/label/c.BookingActions_book';
import failed from '@salesforce/label/c.BookingActions_failed';
import newTab from '@salesforce/label/c.BookingActions_newTab';
import noAccess from '@salesforce/label/c.BookingActions_noAccess';
import notSetUp from '@salesforce/label/c.BookingActions_notSetUp';
import title from '@salesforce/label/c.BookingActions_title';
import view from '@salesforce/label/c.BookingActions_view';

/** In an installed package `ns__`, else empty: what the platform puts before the names of our fields. */
const PREFIX = CUSTOMER_ID_FIELD.fieldApiName.replace(/Booking_Customer_Id__c$/, '');
const BOOKING_LINK = `${PREFIX}Booking_Link__c`;
const CUSTOMER_LINK = `${PREFIX}Customer_Link__c`;

/** Only web addresses are opened: encrypted, or on this very machine, where the demo runs. */
function isSafe(link) {
    try {
        const { protocol, hostname } = new URL(link);
        return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname));
    } catch {
        return false;
    }
}

/** Book customer and View customer on a card, for pages where the buttons of the same name are not at hand. */
export default class BookingActions extends NavigationMixin(LightningElement) {
    /** Id of the record, set by the record page. */
    @api recordId;
    /** `Lead`, `Contact`, `Account`, `Opportunity` or `Case`, set by the record page. */
    @api objectApiName;

    label = { book, failed, newTab, noAccess, notSetUp, title, view };

    @wire(getRecord, { recordId: '$recordId', optionalFields: '$linkFields' })
    record;

    /** Undefined until the page has set the object: the wire waits for it. */
    get linkFields() {
        return this.objectApiName
            ? [BOOKING_LINK, CUSTOMER_LINK].map((field) => `${this.objectApiName}.${field}`)
            : undefined;
    }

    get isLoaded() {
        return Boolean(this.record?.data);
    }

    get bookingLink() {
        return this.linkOf(BOOKING_LINK);
    }

    get customerLink() {
        return this.linkOf(CUSTOMER_LINK);
    }

    get cannotBook() {
        return !this.bookingLink;
    }

    get cannotView() {
        return !this.customerLink;
    }

    /** Why a button leads nowhere; undefined while all is well, or nothing is known yet. */
    get notice() {
        if (this.record?.error) return failed;
        if (!this.isLoaded || (this.bookingLink && this.customerLink)) return undefined;
        const { fields } = this.record.data;
        return BOOKING_LINK in fields || CUSTOMER_LINK in fields ? notSetUp : noAccess;
    }

    linkOf(field) {
        const link = this.record?.data?.fields[field]?.value;
        return link && isSafe(link) ? link : undefined;
    }

    handleBook() {
        this.open(this.bookingLink);
    }

    handleView() {
        this.open(this.customerLink);
    }

    open(url) {
        this[NavigationMixin.Navigate]({ type: 'standard__webPage', attributes: { url } });
    }
}
