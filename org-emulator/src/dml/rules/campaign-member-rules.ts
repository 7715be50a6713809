import type { StoredRecord } from '../../records/table';
import { valueOf, type Draft, type ObjectRules } from '../draft';
import { RowError } from '../row-error';

/**
 * Demands of a CampaignMember one person, once per campaign, and a status that its campaign has; shows the person's data.
 *
 * @see Object Reference, CampaignMember
 */
export const campaignMemberRules: ObjectRules = {
  sobject: 'CampaignMember',
  beforeSave(draft) {
    const { row, before } = draft;
    const personId = valueOf(draft, 'ContactId') ?? valueOf(draft, 'LeadId');
    if (personId === null) {
      throw new RowError('REQUIRED_FIELD_MISSING', 'Required fields are missing: [LeadId, ContactId]', [
        'LeadId',
        'ContactId',
      ]);
    }
    if (!before) refuseSecondMembership(draft);
    deriveStatus(draft);
    const person = draft.context.org.store.find(String(personId))?.row;
    for (const field of ['FirstName', 'LastName', 'Name', 'Email', 'Phone', 'Title', 'Salutation']) {
      row[field] = person?.[field] ?? null;
    }
    row.CompanyOrAccount = person?.Company ?? null;
    row.LeadOrContactId = personId;
    row.LeadOrContactOwnerId = person?.OwnerId ?? null;
    row.Type = valueOf(draft, 'ContactId') === null ? 'Lead' : 'Contact';
  },
};

function refuseSecondMembership(draft: Draft): void {
  const { object, context } = draft;
  const campaign = object.field('CampaignId');
  const members = campaign ? context.org.store.table(object).lookup(campaign, valueOf(draft, 'CampaignId')) : undefined;
  const same = (row: StoredRecord): boolean =>
    row.IsDeleted !== true &&
    (row.ContactId ?? null) === valueOf(draft, 'ContactId') &&
    (row.LeadId ?? null) === valueOf(draft, 'LeadId');
  if (members?.some(same)) {
    throw new RowError('DUPLICATE_VALUE', 'Already a campaign member.', [], { withoutFields: true });
  }
}

function deriveStatus(draft: Draft): void {
  const { row, context } = draft;
  const statuses = context.org.object('CampaignMemberStatus');
  const campaign = statuses.field('CampaignId');
  const known = (campaign && context.org.store.table(statuses).lookup(campaign, valueOf(draft, 'CampaignId'))) ?? [];
  if (!draft.given.has('Status') && !draft.before) {
    row.Status = known.find((status) => status.IsDefault === true)?.Label ?? null;
  }
  const chosen = known.find((status) => status.Label === row.Status);
  if (!chosen && known.length > 0) {
    // No recording shows the platform's words for a label that the campaign does not have.
    throw new RowError(
      'FIELD_INTEGRITY_EXCEPTION',
      `Status: The status is not one of the campaign's member statuses: ${String(row.Status)}`,
      ['Status'],
    );
  }
  row.HasResponded = chosen?.HasResponded === true;
  if (row.HasResponded === true) row.FirstRespondedDate ??= context.org.clock.now().toISOString().slice(0, 10);
}
