import { createElement } from 'lwc';
import BookingList from 'c/bookingList';
import { graphql } from 'lightning/graphql';
import { navigate } from 'lightning/navigation';

const RECORD_ID = '003000000000001AAA';
const HOUR_MS = 3_600_000;

/** An Event as the query answers it; `hours` from now, negative for what has begun. */
function event(id, hours, more = {}) {
    const start = Date.now() + hours * HOUR_MS;
    return {
        node: {
            Id: id,
            Subject: { value: `Booking ${id}` },
            StartDateTime: { value: new Date(start).toISOString() },
            EndDateTime: { value: new Date(start + HOUR_MS / 2).toISOString() },
            status: { value: 'Scheduled', displayValue: 'Geplant' },
            reason: { value: null },
            Owner: { Name: { value: 'Hana Host' } },
            ...more
        }
    };
}

const answer = (ahead, before, hasNextPage = false) => ({
    uiapi: {
        query: {
            ahead: { edges: ahead, pageInfo: { hasNextPage } },
            before: { edges: before, pageInfo: { hasNextPage: false } }
        }
    }
});

function show() {
    const element = createElement('c-booking-list', { is: BookingList });
    element.recordId = RECORD_ID;
    document.body.append(element);
    return element;
}

/** Has the wire answer, and the component drawn. */
async function emit({ data, errors, refresh }) {
    if (errors) graphql.emitErrors(errors, undefined, refresh);
    else graphql.emit(data, undefined, refresh);
    await Promise.resolve();
}

const all = (element, selector) => [...element.shadowRoot.querySelectorAll(selector)];
const textOf = (element) =>
    all(element, 'p, a, dd')
        .map(({ textContent }) => textContent)
        .join(' ');

afterEach(() => {
    document.body.replaceChildren();
    jest.restoreAllMocks();
});

describe('c-booking-list', () => {
    it('asks for the bookings of its record', async () => {
        show();
        await Promise.resolve();
        expect(graphql.getLastConfig().variables).toEqual({ recordId: RECORD_ID, ahead: 10, before: 10 });
    });

    it('shows what is to come, the next one first, and what has been, the latest first', async () => {
        const element = show();
        const moved = { status: { value: 'Canceled', displayValue: 'Abgesagt' }, reason: { value: 'Ill' } };
        await emit({
            data: answer([event('later', 48), event('soon', 24)], [event('old', -90), event('last', -24, moved)])
        });
        expect(all(element, 'h3').map(({ textContent }) => textContent)).toEqual([
            'c.BookingList_upcoming',
            'c.BookingList_past'
        ]);
        expect(all(element, 'a').map(({ dataset }) => dataset.id)).toEqual(['soon', 'later', 'last', 'old']);
        const badges = all(element, 'c-booking-status').map(({ status, label }) => [status, label]);
        expect(badges[2]).toEqual(['Canceled', 'Abgesagt']);
        expect(all(element, '.reason').map(({ textContent }) => textContent)).toEqual(['Ill']);
        expect(textOf(element)).toContain('Hana Host');
        expect(all(element, 'lightning-spinner')).toEqual([]);
        await expect(element).toBeAccessible();
    });

    it('counts a booking of today that has ended among the past', async () => {
        const element = show();
        await emit({ data: answer([event('over', -2), event('running', -0.25)], []) });
        expect(all(element, 'section').map((section) => section.querySelector('a').dataset.id)).toEqual([
            'running',
            'over'
        ]);
    });

    it('shows what it can when status, reason and host are hidden from the user', async () => {
        const element = show();
        const hidden = { status: undefined, reason: undefined, Owner: undefined };
        await emit({ data: answer([event('bare', 24, hidden)], []) });
        expect(textOf(element)).toContain('Booking bare');
        expect(all(element, 'dl')).toEqual([]);
    });

    it('says when there are none', async () => {
        const element = show();
        await emit({ data: answer([], []) });
        expect(textOf(element)).toContain('c.BookingList_empty');
        await expect(element).toBeAccessible();
    });

    it.each([
        ['the user may not see them', "Field 'ns__Booking_Id__c' in type 'Event' is undefined", 'noAccess', 0],
        ['the org does not answer', "Field 'Event' in type 'RecordQuery' is undefined", 'unavailable', 0],
        ['something failed', 'Out of order', 'failed', 1]
    ])('says when %s', async (_why, message, label, buttons) => {
        const element = show();
        await emit({ errors: [{ message }] });
        expect(textOf(element)).toContain(`c.BookingList_${label}`);
        expect(textOf(element)).not.toContain(message);
        expect(all(element, 'lightning-button')).toHaveLength(buttons);
        await expect(element).toBeAccessible();
    });

    it('reads again when it is asked to, and tells so', async () => {
        const element = show();
        const refresh = jest.fn().mockResolvedValue(undefined);
        await emit({ data: answer([], []), refresh });
        element.shadowRoot.querySelector('lightning-button-icon').click();
        await Promise.resolve();
        expect(all(element, 'lightning-spinner')).toHaveLength(1);
        await new Promise((resolve) => setTimeout(resolve));
        expect(refresh).toHaveBeenCalledTimes(1);
        expect(element.shadowRoot.querySelector('[role="status"]').textContent).toBe('c.BookingList_refreshed');
        expect(all(element, 'lightning-spinner')).toEqual([]);
    });

    it('shows more when there are more', async () => {
        const element = show();
        await emit({ data: answer([event('soon', 24)], [], true) });
        const [more] = all(element, 'lightning-button');
        expect(more.label).toBe('c.BookingList_showMore');
        more.click();
        await Promise.resolve();
        expect(graphql.getLastConfig().variables).toEqual({ recordId: RECORD_ID, ahead: 20, before: 20 });
    });

    it('opens the Event', async () => {
        const element = show();
        await emit({ data: answer([event('00U000000000001AAA', 24)], []) });
        all(element, 'a')[0].click();
        expect(navigate).toHaveBeenCalledWith({
            type: 'standard__recordPage',
            attributes: { recordId: '00U000000000001AAA', objectApiName: 'Event', actionName: 'view' }
        });
    });
});
