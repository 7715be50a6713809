import { LightningElement, api } from 'lwc';
import { page } from 'host/page';

const PARTS = ['weekday', 'era', 'year', 'month', 'day', 'hour', 'minute', 'second', 'timeZoneName', 'hour12'];

export default class FormattedDateTime extends LightningElement {
    /** A Date, an ISO text or milliseconds. */
    @api value;
    @api timeZone;
    @api weekday;
    @api era;
    @api year;
    @api month;
    @api day;
    @api hour;
    @api minute;
    @api second;
    @api timeZoneName;
    @api hour12;

    get text() {
        if (this.value === undefined || this.value === null || this.value === '') return '';
        const parts = PARTS.filter((part) => this[part] !== undefined).map((part) => [part, this[part]]);
        const wanted =
            parts.length > 0 ? Object.fromEntries(parts) : { year: 'numeric', month: 'short', day: 'numeric' };
        const timeZone = this.timeZone ?? page.timeZone;
        return new Intl.DateTimeFormat(page.locale, { ...wanted, timeZone }).format(new Date(this.value));
    }
}
