import { createElement } from 'lwc';
import ConnectorHome from 'c/connectorHome';
import { graphql } from 'lightning/graphql';
import { navigate } from 'lightning/navigation';

function show(consoleUrl) {
    const element = createElement('c-connector-home', { is: ConnectorHome });
    element.consoleUrl = consoleUrl;
    document.body.append(element);
    return element;
}

const asked = (name) => (config) => config.operationName === name;

async function emitBookings(edges) {
    graphql.emit({ uiapi: { query: { Event: { edges } } } }, asked('firstBooking'));
    await Promise.resolve();
}

/** Has the setting of the package be read. */
async function emitSetting(url) {
    const edges = [{ node: { connectorUrl: { value: url } } }];
    graphql.emit({ uiapi: { query: { settings: { edges } } } }, asked('connectorUrl'));
    await Promise.resolve();
}

const step = (element, name) => element.shadowRoot.querySelector(`[data-step="${name}"]`);
const all = (element, selector) => [...element.shadowRoot.querySelectorAll(selector)];

afterEach(() => {
    document.body.replaceChildren();
    navigate.mockClear();
});

describe('c-connector-home', () => {
    it('leads to the pages of Setup and to the console', async () => {
        const element = show('https://bookings.example.test');
        const buttons = all(element, 'lightning-button');
        for (const button of buttons) button.click();
        expect(navigate.mock.calls.map(([{ attributes }]) => attributes.url)).toEqual([
            '/lightning/setup/PermSets/home',
            '/lightning/setup/ObjectManager/Event/PageLayouts/view',
            '/lightning/setup/ObjectManager/home',
            'https://bookings.example.test'
        ]);
        expect(buttons[3].label).toBe('c.ConnectorHome_openConsole: c.ConnectorHome_connect');
        await expect(element).toBeAccessible();
    });

    it('leads to the console of the connector that is set up, unless the page names another', async () => {
        const element = show();
        await emitSetting('https://connector.example.test/');
        const button = () => step(element, 'connect').querySelector('lightning-button');
        button().click();
        element.consoleUrl = 'https://bookings.example.test';
        await Promise.resolve();
        button().click();
        expect(navigate.mock.calls.map(([{ attributes }]) => attributes.url)).toEqual([
            'https://connector.example.test/console',
            'https://bookings.example.test'
        ]);
        await expect(element).toBeAccessible();
    });

    it.each([null, 'http://connector.example.test', 'https://', 'https://user@connector.example.test'])(
        'has no way to a console when the setting is %s',
        async (url) => {
            const element = show();
            await emitSetting(url);
            expect(step(element, 'connect').querySelector('lightning-button')).toBeNull();
        }
    );

    it.each([undefined, 'http://bookings.example.test', 'javascript:alert(1)'])(
        'has no way to a console at %s, and says how to give it one',
        async (url) => {
            const element = show(url);
            expect(step(element, 'connect').querySelector('lightning-button')).toBeNull();
            expect(all(element, 'p').at(-1).textContent).toBe('c.ConnectorHome_noConsole');
            await expect(element).toBeAccessible();
        }
    );

    it('tells whether the first booking has arrived', async () => {
        const element = show();
        await emitBookings([]);
        expect(step(element, 'first').textContent).toContain('c.ConnectorHome_firstHelp');
        expect(step(element, 'first').querySelector('lightning-icon')).toBeNull();
        await emitBookings([{ node: { Id: '00U000000000001AAA' } }]);
        expect(step(element, 'first').textContent).toContain('c.ConnectorHome_arrived');
        expect(step(element, 'first').querySelector('lightning-icon').alternativeText).toBe('c.ConnectorHome_done');
    });

    it('goes on without an answer, for a user who may not see bookings', async () => {
        const element = show();
        graphql.emitErrors(
            [{ message: "Validation error of type FieldUndefined: 'Booking_Setting__mdt'" }],
            asked('connectorUrl')
        );
        graphql.emitErrors([{ message: "Field 'Booking_Id__c' in type 'Event' is undefined" }]);
        await Promise.resolve();
        expect(step(element, 'first').textContent).toContain('c.ConnectorHome_firstHelp');
    });
});
