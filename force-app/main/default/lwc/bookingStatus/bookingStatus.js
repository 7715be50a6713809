import { LightningElement, api } from 'lwc';

/** The look of each status that bookings have; any other is shown plainly. */
const THEMES = {
    Scheduled: 'slds-theme_info',
    Rescheduled: 'slds-theme_warning',
    Completed: 'slds-theme_success',
    Canceled: 'slds-badge_lightest',
    'No-show': 'slds-theme_error'
};

/** The status of a booking as a badge. The word says it all; the colour only repeats it. */
export default class BookingStatus extends LightningElement {
    /** The status as it is stored, `No-show`: it chooses the colour. Nothing is shown while it is empty. */
    @api status;

    /** The status in the language of the user; the stored one when there is none. */
    @api label;

    get text() {
        return this.label || this.status;
    }

    get badgeClass() {
        return `slds-badge ${THEMES[this.status] ?? ''}`.trim();
    }
}
