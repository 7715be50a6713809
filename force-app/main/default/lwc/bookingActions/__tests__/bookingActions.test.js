import { createElement } from 'lwc';
import BookingActions from 'c/bookingActions';
import { navigate } from 'lightning/navigation';
import { getRecord } from 'lightning/uiRecordApi';

const BOOK = 'https://book.example.test/?record=003';
const VIEW = 'https://book.example.test/customer/1';

function show() {
    const element = createElement('c-booking-actions', { is: BookingActions });
    Object.assign(element, { recordId: '003000000000001AAA', objectApiName: 'Contact' });
    document.body.append(element);
    return element;
}

/** Has the wire answer with links, a field for each that the user may see. */
async function emit(links) {
    const fields = Object.entries(links).map(([field, value]) => [field, { value, displayValue: null }]);
    getRecord.emit({ apiName: 'Contact', fields: Object.fromEntries(fields) });
    await Promise.resolve();
}

const buttonsOf = (element) => [...element.shadowRoot.querySelectorAll('lightning-button')];
const noticeOf = (element) => element.shadowRoot.querySelector('p')?.textContent;

afterEach(() => {
    document.body.replaceChildren();
    navigate.mockClear();
});

describe('c-booking-actions', () => {
    it('asks for the links of its object', async () => {
        show();
        await Promise.resolve();
        const { optionalFields } = getRecord.getLastConfig();
        expect(optionalFields).toEqual([
            'Contact.Booking_Link__c',
            'Contact.Customer_Link__c',
            'Contact.Booking_Customer_Id__c'
        ]);
    });

    it('opens either link', async () => {
        const element = show();
        await emit({ Booking_Link__c: BOOK, Customer_Link__c: VIEW });
        const [book, view] = buttonsOf(element);
        expect([book.disabled, view.disabled, noticeOf(element)]).toEqual([false, false, undefined]);
        book.click();
        view.click();
        expect(navigate.mock.calls.map(([reference]) => reference)).toEqual(
            [BOOK, VIEW].map((url) => ({ type: 'standard__webPage', attributes: { url } }))
        );
        await expect(element).toBeAccessible();
    });

    it.each([null, 'javascript:alert(1)', 'http://book.example.test/', 'nonsense'])(
        'does not open %s, and says why',
        async (link) => {
            const element = show();
            await emit({ Booking_Link__c: link, Customer_Link__c: VIEW });
            const [book, view] = buttonsOf(element);
            expect([book.disabled, view.disabled]).toEqual([true, false]);
            expect(noticeOf(element)).toBe('c.BookingActions_notSetUp');
            await expect(element).toBeAccessible();
        }
    );

    it('says when nobody has booked with the record yet', async () => {
        const element = show();
        await emit({ Booking_Link__c: BOOK, Customer_Link__c: null, Booking_Customer_Id__c: null });
        expect(buttonsOf(element).map(({ disabled }) => disabled)).toEqual([false, true]);
        expect(noticeOf(element)).toBe('c.BookingActions_noCustomer');
        await expect(element).toBeAccessible();
    });

    it('opens the demo on this machine', async () => {
        const element = show();
        await emit({ Booking_Link__c: 'http://127.0.0.1:8080/book', Customer_Link__c: VIEW });
        expect(buttonsOf(element)[0].disabled).toBe(false);
    });

    it('says when the user may not see the links', async () => {
        const element = show();
        await emit({});
        expect(buttonsOf(element).map(({ disabled }) => disabled)).toEqual([true, true]);
        expect(noticeOf(element)).toBe('c.BookingActions_noAccess');
        await expect(element).toBeAccessible();
    });

    it('says when the record cannot be read', async () => {
        const element = show();
        getRecord.error();
        await Promise.resolve();
        expect(buttonsOf(element)).toEqual([]);
        expect(noticeOf(element)).toBe('c.BookingActions_failed');
        await expect(element).toBeAccessible();
    });
});
