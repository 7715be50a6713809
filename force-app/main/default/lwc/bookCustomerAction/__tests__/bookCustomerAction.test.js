import { createElement } from 'lwc';
import BookCustomerAction from 'c/bookCustomerAction';
import { navigate } from 'lightning/navigation';
import { getRecord } from 'lightning/uiRecordApi';

const LINK = 'https://book.example.test/?record=003';
const toasts = [];

function show(recordId = '003000000000001AAA') {
    const element = createElement('c-book-customer-action', { is: BookCustomerAction });
    element.addEventListener('lightning__showtoast', ({ detail }) => toasts.push(detail));
    document.body.append(element);
    // The platform sets the id after the component is connected.
    element.recordId = recordId;
    return element;
}

/** Has the wire answer with a field for each that the user may see. */
async function emit(values) {
    const fields = Object.entries(values).map(([field, value]) => [field, { value, displayValue: null }]);
    getRecord.emit({ apiName: 'Contact', fields: Object.fromEntries(fields) });
    await Promise.resolve();
}

const opened = () => navigate.mock.calls.map(([reference]) => reference);
const said = () => toasts.map(({ title, message }) => [title, message]);

afterEach(() => {
    document.body.replaceChildren();
    navigate.mockClear();
    toasts.length = 0;
});

describe('c-book-customer-action', () => {
    it.each([
        ['001000000000001AAA', 'Account'],
        ['003000000000001AAA', 'Contact'],
        ['006000000000001AAA', 'Opportunity'],
        ['00Q000000000001AAA', 'Lead'],
        ['500000000000001AAA', 'Case']
    ])('asks for the link of %s, a record of %s', async (recordId, object) => {
        show(recordId);
        await Promise.resolve();
        expect(getRecord.getLastConfig()).toMatchObject({
            recordId,
            optionalFields: expect.arrayContaining([`${object}.Booking_Link__c`])
        });
    });

    it('opens the link, once for each time that it is pressed', async () => {
        const element = show();
        await emit({ Booking_Link__c: LINK });
        expect(opened()).toEqual([]);
        element.invoke();
        expect(opened()).toEqual([{ type: 'standard__webPage', attributes: { url: LINK } }]);
        await emit({ Booking_Link__c: LINK });
        expect(opened()).toHaveLength(1);
        element.invoke();
        expect(opened()).toHaveLength(2);
        expect(said()).toEqual([]);
        await expect(element).toBeAccessible();
    });

    it('opens the link as soon as it is read, when it was pressed before', async () => {
        const element = show();
        element.invoke();
        expect([opened(), said()]).toEqual([[], []]);
        await emit({ Booking_Link__c: LINK });
        await emit({ Booking_Link__c: LINK });
        expect(opened()).toHaveLength(1);
    });

    it.each([
        null,
        '',
        'nonsense',
        'javascript:alert(1)',
        'http://book.example.test/',
        'https:///go/customers/1',
        'https://book/',
        'https://book.example.test@evil.test/'
    ])('does not open %s, and says what is not set up', async (link) => {
        const element = show();
        await emit({ Booking_Link__c: link, Booking_Customer_Id__c: 'c-1' });
        element.invoke();
        expect(opened()).toEqual([]);
        expect(said()).toEqual([['c.BookingActions_book', 'c.BookingActions_notSetUp']]);
        await expect(element).toBeAccessible();
    });

    it('says when the user may not see the link', async () => {
        const element = show();
        await emit({ Booking_Customer_Id__c: null });
        element.invoke();
        expect(said()).toEqual([['c.BookingActions_book', 'c.BookingActions_noAccess']]);
    });

    it('says when the record cannot be read, also when it was pressed before', async () => {
        const element = show();
        element.invoke();
        getRecord.error();
        await Promise.resolve();
        expect(opened()).toEqual([]);
        expect(said()).toEqual([['c.BookingActions_book', 'c.BookingActions_failed']]);
        await expect(element).toBeAccessible();
    });
});
