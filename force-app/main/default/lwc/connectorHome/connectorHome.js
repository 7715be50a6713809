import { LightningElement, api, wire } from 'lwc';
import { isSafe } from 'c/bookingLinks';
import { gql, graphql } from 'lightning/graphql';
import { NavigationMixin } from 'lightning/navigation';
import arrived from '@salesforce/label/c.ConnectorHome_arrived';
import components from '@salesforce/label/c.ConnectorHome_components';
import componentsHelp from '@salesforce/label/c.ConnectorHome_componentsHelp';
import connect from '@salesforce/label/c.ConnectorHome_connect';
import connectHelp from '@salesforce/label/c.ConnectorHome_connectHelp';
import done from '@salesforce/label/c.ConnectorHome_done';
import fields from '@salesforce/label/c.ConnectorHome_fields';
import fieldsHelp from '@salesforce/label/c.ConnectorHome_fieldsHelp';
import first from '@salesforce/label/c.ConnectorHome_first';
import firstHelp from '@salesforce/label/c.ConnectorHome_firstHelp';
import noConsole from '@salesforce/label/c.ConnectorHome_noConsole';
import open from '@salesforce/label/c.ConnectorHome_open';
import openConsole from '@salesforce/label/c.ConnectorHome_openConsole';
import people from '@salesforce/label/c.ConnectorHome_people';
import peopleHelp from '@salesforce/label/c.ConnectorHome_peopleHelp';
import title from '@salesforce/label/c.ConnectorHome_title';

const FIRST_BOOKING_QUERY = gql`
    query firstBooking {
        uiapi {
            query {
                Event(first: 1, where: { Booking_Id__c: { ne: null } }) {
                    edges {
                        node {
                            Id
                        }
                    }
                }
            }
        }
    }
`;

/** In an installed package the name of the type gets a prefix, which the answer would carry: hence the alias. */
const SETTING_QUERY = gql`
    query connectorUrl {
        uiapi {
            query {
                settings: Booking_Setting__mdt(first: 1, where: { DeveloperName: { eq: "Default" } }) {
                    edges {
                        node {
                            connectorUrl: Connector_URL__c @optional {
                                value
                            }
                        }
                    }
                }
            }
        }
    }
`;

/** What an administrator does after the installation, with the way to each page of Setup and to the console. */
export default class ConnectorHome extends NavigationMixin(LightningElement) {
    /** The address of the connector's console, for an org that does not let components read the settings; else left empty. */
    @api consoleUrl;

    label = { done, noConsole, title };

    @wire(graphql, { query: FIRST_BOOKING_QUERY, operationName: 'firstBooking' })
    firstBooking;

    /** By itself: an org that cannot answer it must not keep the other query from its answer. */
    @wire(graphql, { query: SETTING_QUERY, operationName: 'connectorUrl' })
    setting;

    /** The console: as entered where the page is built, else of the connector that "View customer" leads to. */
    get consoleAddress() {
        const connectorUrl = this.setting?.data?.uiapi.query.settings.edges[0]?.node.connectorUrl?.value;
        return this.consoleUrl || (connectorUrl && `${connectorUrl.replace(/\/+$/, '')}/console`);
    }

    get hasConsole() {
        return isSafe(this.consoleAddress);
    }

    get lacksConsole() {
        return !this.hasConsole;
    }

    /** Whether a booking has been written that this user may see. */
    get hasBooking() {
        return (this.firstBooking?.data?.uiapi.query.Event.edges.length ?? 0) > 0;
    }

    /** The steps in their order; a step without a link is one that happens elsewhere. */
    get steps() {
        const setup = (path) => `/lightning/setup/${path}`;
        return [
            { name: 'people', title: people, help: peopleHelp, url: setup('PermSets/home') },
            { name: 'fields', title: fields, help: fieldsHelp, url: setup('ObjectManager/Event/PageLayouts/view') },
            { name: 'components', title: components, help: componentsHelp, url: setup('ObjectManager/home') },
            {
                name: 'connect',
                title: connect,
                help: connectHelp,
                url: this.hasConsole ? this.consoleAddress : undefined
            },
            { name: 'first', title: first, help: this.hasBooking ? arrived : firstHelp, isDone: this.hasBooking }
        ].map((step) => ({ ...step, action: `${step.name === 'connect' ? openConsole : open}: ${step.title}` }));
    }

    handleOpen(event) {
        const { url } = event.target.dataset;
        this[NavigationMixin.Navigate]({ type: 'standard__webPage', attributes: { url } });
    }
}
