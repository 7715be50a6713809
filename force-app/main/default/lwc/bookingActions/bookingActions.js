import { LightningElement, api, wire } from 'lwc';
import { bookingWay, customerWay, linkFields } from 'c/bookingLinks';
import { NavigationMixin } from 'lightning/navigation';
import { getRecord } from 'lightning/uiRecordApi';
import book from '@salesforce/label/c.BookingActions_book';
import newTab from '@salesforce/label/c.BookingActions_newTab';
import title from '@salesforce/label/c.BookingActions_title';
import view from '@salesforce/label/c.BookingActions_view';

/** Book customer and View customer on a card, for pages where the buttons of the same name are not at hand. */
export default class BookingActions extends NavigationMixin(LightningElement) {
    /** Id of the record, set by the record page. */
    @api recordId;
    /** `Lead`, `Contact`, `Account`, `Opportunity` or `Case`, set by the record page. */
    @api objectApiName;

    label = { book, newTab, title, view };

    @wire(getRecord, { recordId: '$recordId', optionalFields: '$linkFields' })
    record;

    /** Undefined until the page has set the object: the wire waits for it. */
    get linkFields() {
        return linkFields(this.objectApiName);
    }

    get isLoaded() {
        return Boolean(this.record?.data);
    }

    get cannotBook() {
        return !bookingWay(this.record).url;
    }

    get cannotView() {
        return !customerWay(this.record).url;
    }

    /** Why a button leads nowhere; undefined while all is well, or nothing is known yet. */
    get notice() {
        return bookingWay(this.record).problem ?? customerWay(this.record).problem;
    }

    handleBook() {
        this.open(bookingWay(this.record).url);
    }

    handleView() {
        this.open(customerWay(this.record).url);
    }

    open(url) {
        this[NavigationMixin.Navigate]({ type: 'standard__webPage', attributes: { url } });
    }
}
