import type { MappingRow } from './mapping-row';
import type { MappedObject } from './objects';

const row = (field: string, from: string, more: Partial<MappingRow> = {}): MappingRow => ({
  field,
  from,
  cut: false,
  ...more,
});
const cut = (field: string, from: string): MappingRow => row(field, from, { cut: true });
const fixed = (field: string, text: string): MappingRow => ({ field, text, cut: true });

const PERSON_NAME = [cut('FirstName', 'customer.firstName'), cut('LastName', 'customer.lastName')];

/** What is written before the admin has decided anything. Whether existing records change is for the rules to say. */
export const DEFAULT_MAPPINGS: Readonly<Record<MappedObject, MappingRow[]>> = {
  Lead: [
    ...PERSON_NAME,
    row('Email', 'customer.email'),
    cut('Phone', 'customer.phone'),
    cut('Company', 'customer.company'),
  ],
  Contact: [...PERSON_NAME, row('Email', 'customer.email'), cut('Phone', 'customer.phone')],
  PersonAccount: [...PERSON_NAME, row('PersonEmail', 'customer.email'), cut('Phone', 'customer.phone')],
  Account: [cut('Name', 'customer.company')],
  Case: [
    cut('Subject', 'booking.subject'),
    cut('Description', 'booking.description'),
    fixed('Origin', 'Web'),
    row('SuppliedEmail', 'customer.email'),
    cut('SuppliedName', 'customer.name'),
    cut('SuppliedPhone', 'customer.phone'),
    cut('SuppliedCompany', 'customer.company'),
  ],
  Opportunity: [
    cut('Name', 'customer.name'),
    cut('Name', 'customer.email'),
    row('CloseDate', 'booking.startDate'),
    cut('Description', 'booking.description'),
  ],
  Event: [
    cut('Subject', 'booking.subject'),
    cut('Location', 'booking.location'),
    cut('Description', 'booking.description'),
    row('Event_Status__c', 'booking.status'),
    cut('Cancel_Reschedule_Reason__c', 'booking.reason'),
    cut('Meeting_Type__c', 'page.name'),
    cut('Campaign__c', 'campaign.utm_campaign'),
    cut('Booking_Source__c', 'source.id'),
  ],
};
