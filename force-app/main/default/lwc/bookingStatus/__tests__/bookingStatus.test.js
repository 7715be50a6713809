import { createElement } from 'lwc';
import BookingStatus from 'c/bookingStatus';

function show(properties) {
    const element = createElement('c-booking-status', { is: BookingStatus });
    Object.assign(element, properties);
    document.body.append(element);
    return element;
}

const badgeOf = (element) => element.shadowRoot.querySelector('.slds-badge');

afterEach(() => document.body.replaceChildren());

describe('c-booking-status', () => {
    it.each([
        ['Scheduled', 'slds-theme_info'],
        ['Rescheduled', 'slds-theme_warning'],
        ['Completed', 'slds-theme_success'],
        ['Canceled', 'slds-badge_lightest'],
        ['No-show', 'slds-theme_error']
    ])('gives %s its colour', (status, theme) => {
        expect([...badgeOf(show({ status })).classList]).toEqual(['slds-badge', theme]);
    });

    it('speaks the language of the user', async () => {
        const element = show({ status: 'No-show', label: 'Nicht erschienen' });
        expect(badgeOf(element).textContent).toBe('Nicht erschienen');
        await expect(element).toBeAccessible();
    });

    it('shows a status that an administrator added plainly, and none as nothing', () => {
        const added = badgeOf(show({ status: 'On hold' }));
        expect([added.textContent, added.className]).toEqual(['On hold', 'slds-badge']);
        expect(badgeOf(show({}))).toBeNull();
    });
});
