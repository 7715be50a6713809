import type { Org } from '../org/org';
import type { FieldValue, StoredRecord } from '../records/table';
import type { ParsedRow } from './parse-row';
import { RowError } from './row-error';
import { insertRow } from './save';
import { rowsPointingTo, systemUpdate } from './system-write';
import type { WriteContext } from './write-context';

/** What a conversion is asked to do; ids have 18 characters. */
export interface LeadConversion {
  leadId: string;
  /** Existing records to convert into; new ones are made of the lead where absent. */
  accountId?: string | undefined;
  contactId?: string | undefined;
  /** Name of the opportunity to make; none when absent. */
  opportunityName?: string | undefined;
  /** Owner of what is made, and of the activities that the converting user owned; the lead's owner when absent. */
  ownerId?: string | undefined;
}

/** The records that a lead became. */
export interface ConvertedLead {
  accountId: string;
  contactId: string;
  opportunityId: string | null;
}

const COPIED_TO_CONTACT = [
  'FirstName',
  'LastName',
  'Salutation',
  'Email',
  'Phone',
  'MobilePhone',
  'Title',
  'LeadSource',
];
const ACTIVITIES = ['Event', 'Task'];

/**
 * Converts a lead as a user does on the page. Its activities move to the contact and, if one is made, the opportunity;
 * those of the converting user get the new owner, past ones too; its campaign memberships move; the lead stays, read-only.
 *
 * @throws RowError when there is no such lead, or it was converted before.
 * @see Salesforce Help, "Considerations for Converting Leads" (activities, owners)
 */
export function convertLead(context: WriteContext, conversion: LeadConversion): ConvertedLead {
  const { org } = context;
  const lead = org.liveRow(org.object('Lead'), conversion.leadId);
  if (!lead) throw new RowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (lead.IsConverted === true) {
    throw new RowError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  }
  return org.store.transaction(() => {
    const ownerId = conversion.ownerId ?? String(lead.OwnerId);
    const { accountId, contactId } = convertPerson(context, lead, conversion, ownerId);
    const opportunityId =
      conversion.opportunityName === undefined
        ? null
        : makeOpportunity(context, conversion.opportunityName, accountId, ownerId);
    moveActivities(context, lead, { accountId, contactId, opportunityId }, ownerId);
    moveMemberships(org, lead, contactId, context.userId);
    systemUpdate(
      org,
      org.object('Lead'),
      lead,
      {
        IsConverted: true,
        Status: 'Closed - Converted',
        ConvertedDate: org.clock.now().toISOString().slice(0, 10),
        ConvertedAccountId: accountId,
        ConvertedContactId: contactId,
        ConvertedOpportunityId: opportunityId,
      },
      context.userId,
    );
    return { accountId, contactId, opportunityId };
  });
}

/** The account and contact that the lead becomes. Without a company it becomes a person account, where there are any. */
function convertPerson(
  context: WriteContext,
  lead: StoredRecord,
  conversion: LeadConversion,
  ownerId: string,
): { accountId: string; contactId: string } {
  const { org } = context;
  if (!conversion.accountId && (lead.Company ?? null) === null) {
    const accountId = insert(context, 'Account', {
      FirstName: lead.FirstName ?? null,
      LastName: lead.LastName ?? null,
      Salutation: lead.Salutation ?? null,
      Phone: lead.Phone ?? null,
      PersonEmail: lead.Email ?? null,
      OwnerId: ownerId,
    });
    return { accountId, contactId: String(org.liveRow(org.object('Account'), accountId)?.PersonContactId) };
  }
  const accountId =
    conversion.accountId ?? insert(context, 'Account', { Name: lead.Company ?? null, OwnerId: ownerId });
  const contactId =
    conversion.contactId ?? insert(context, 'Contact', { ...copied(lead), AccountId: accountId, OwnerId: ownerId });
  return { accountId, contactId };
}

function copied(lead: StoredRecord): Record<string, FieldValue> {
  return Object.fromEntries(COPIED_TO_CONTACT.map((field) => [field, lead[field] ?? null]));
}

function makeOpportunity(context: WriteContext, name: string, accountId: string, ownerId: string): string {
  const inAMonth = new Date(context.org.clock.now().getTime() + 30 * 86_400_000).toISOString().slice(0, 10);
  return insert(context, 'Opportunity', {
    Name: name,
    AccountId: accountId,
    OwnerId: ownerId,
    StageName: 'Qualification',
    CloseDate: inAMonth,
  });
}

function insert(context: WriteContext, sobject: string, values: Record<string, FieldValue>): string {
  const row: ParsedRow = new Map(Object.entries(values));
  return insertRow(context, context.org.object(sobject), row);
}

function moveActivities(context: WriteContext, lead: StoredRecord, converted: ConvertedLead, ownerId: string): void {
  const { org, userId } = context;
  for (const { object, field, row } of rowsPointingTo(org, 'Lead', lead.Id)) {
    if (!ACTIVITIES.includes(object.name) || field !== 'WhoId') continue;
    const changes: Record<string, FieldValue> = {
      WhoId: converted.contactId,
      WhatId: converted.opportunityId,
      AccountId: converted.accountId,
    };
    if (row.OwnerId === userId) changes.OwnerId = ownerId;
    systemUpdate(org, object, row, changes, userId);
  }
}

function moveMemberships(org: Org, lead: StoredRecord, contactId: string, userId: string): void {
  for (const { object, field, row } of rowsPointingTo(org, 'Lead', lead.Id)) {
    if (object.name !== 'CampaignMember' || field !== 'LeadId') continue;
    systemUpdate(org, object, row, { ContactId: contactId, LeadOrContactId: contactId, Type: 'Contact' }, userId);
  }
}
