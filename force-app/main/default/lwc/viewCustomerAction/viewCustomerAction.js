import { LightningElement, api, wire } from 'lwc';
import { customerWay, linkFields, objectOf } from 'c/bookingLinks';
import { NavigationMixin } from 'lightning/navigation';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import { getRecord } from 'lightning/uiRecordApi';
import title from '@salesforce/label/c.BookingActions_view';

/** Quick action: opens the page of the customer of the record, or says why there is none. */
export default class ViewCustomerAction extends NavigationMixin(LightningElement) {
    /** Id of the record, set by the page that the action is pressed on. */
    @api recordId;

    record;
    /** Pressed before the record was read. */
    isWaiting = false;

    @wire(getRecord, { recordId: '$recordId', optionalFields: '$fields' })
    wiredRecord(record) {
        this.record = record;
        if (this.isWaiting) this.invoke();
    }

    get fields() {
        return linkFields(objectOf(this.recordId));
    }

    /** Called by the platform when the action is pressed. */
    @api
    invoke() {
        const { url, problem } = customerWay(this.record);
        this.isWaiting = !url && !problem;
        if (url) this[NavigationMixin.Navigate]({ type: 'standard__webPage', attributes: { url } });
        if (problem) this.dispatchEvent(new ShowToastEvent({ title, message: problem, variant: 'warning' }));
    }
}
