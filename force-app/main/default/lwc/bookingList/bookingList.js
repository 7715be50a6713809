import { LightningElement, api, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import { NavigationMixin } from 'lightning/navigation';
import empty from '@salesforce/label/c.BookingList_empty';
import failed from '@salesforce/label/c.BookingList_failed';
import host from '@salesforce/label/c.BookingList_host';
import loading from '@salesforce/label/c.BookingList_loading';
import noAccess from '@salesforce/label/c.BookingList_noAccess';
import past from '@salesforce/label/c.BookingList_past';
import reason from '@salesforce/label/c.BookingList_reason';
import refresh from '@salesforce/label/c.BookingList_refresh';
import refreshed from '@salesforce/label/c.BookingList_refreshed';
import showMore from '@salesforce/label/c.BookingList_showMore';
import title from '@salesforce/label/c.BookingList_title';
import unavailable from '@salesforce/label/c.BookingList_unavailable';
import upcoming from '@salesforce/label/c.BookingList_upcoming';
import { meaningOf, partBookings } from './bookings';
import { BOOKINGS_QUERY } from './bookingsQuery';

/** Bookings of each kind that are shown at first, and how many more with each press of the button. */
const STEP = 10;
/** The most that a query may ask for. */
const LIMIT = 2000;

/** The upcoming and past bookings of the record on whose page it stands. */
export default class BookingList extends NavigationMixin(LightningElement) {
    /** Id of the record, set by the record page. */
    @api recordId;

    label = { empty, failed, host, loading, noAccess, past, reason, refresh, showMore, title, unavailable, upcoming };
    size = STEP;
    isLoading = true;
    /** Tells a screen reader what a press of the button did. */
    announcement = '';
    /** @type {{ upcoming: object[], past: object[], hasMore: boolean } | undefined} */
    bookings;
    /** @type {'noAccess' | 'unavailable' | 'failed' | undefined} */
    problem;
    reload;

    @wire(graphql, { query: BOOKINGS_QUERY, variables: '$variables', operationName: 'recordBookings' })
    handleResult({ data, errors, refresh: reload }) {
        this.reload = reload;
        if (!data && !errors) return;
        this.isLoading = false;
        this.problem = errors?.length ? meaningOf(errors) : undefined;
        this.bookings = this.problem ? undefined : partBookings(data.uiapi.query, new Date());
    }

    /** Undefined until the page has set the record: the query waits for it. */
    get variables() {
        return this.recordId ? { recordId: this.recordId, ahead: this.size, before: this.size } : undefined;
    }

    get groups() {
        const { upcoming: ahead = [], past: before = [] } = this.bookings ?? {};
        return [
            { name: 'upcoming', heading: this.label.upcoming, bookings: ahead },
            { name: 'past', heading: this.label.past, bookings: before }
        ].filter(({ bookings }) => bookings.length > 0);
    }

    get isEmpty() {
        return this.bookings !== undefined && this.groups.length === 0;
    }

    get hasMore() {
        return this.bookings?.hasMore && this.size < LIMIT;
    }

    get hasFailed() {
        return this.problem === 'failed';
    }

    get notice() {
        return this.problem === undefined ? undefined : this.label[this.problem];
    }

    async handleRefresh() {
        this.isLoading = true;
        this.announcement = '';
        await this.reload?.();
        this.isLoading = false;
        this.announcement = refreshed;
    }

    handleShowMore() {
        this.size = Math.min(this.size + STEP, LIMIT);
    }

    handleOpen(event) {
        event.preventDefault();
        const { id } = event.currentTarget.dataset;
        this[NavigationMixin.Navigate]({
            type: 'standard__recordPage',
            attributes: { recordId: id, objectApiName: 'Event', actionName: 'view' }
        });
    }
}
