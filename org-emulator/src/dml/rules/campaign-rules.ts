import { toApiDateTime } from '../../records/timestamps';
import type { StoredRecord } from '../../records/table';
import type { ObjectRules } from '../draft';

/** Gives a new Campaign the two member statuses that it starts with. */
export const campaignRules: ObjectRules = {
  sobject: 'Campaign',
  beforeSave({ row, before }) {
    if (before) return;
    for (const field of ['NumberOfLeads', 'NumberOfConvertedLeads', 'NumberOfContacts', 'NumberOfResponses']) {
      row[field] = 0;
    }
  },
  afterSave({ context, id, before }) {
    if (before) return;
    const { org, userId } = context;
    const statuses = org.object('CampaignMemberStatus');
    const now = toApiDateTime(org.clock.now());
    ['Sent', 'Responded'].forEach((label, at) => {
      const statusId = org.store.nextId(statuses);
      const status: StoredRecord = {
        Id: statusId,
        Label: label,
        CampaignId: id,
        SortOrder: at + 1,
        IsDefault: at === 0,
        HasResponded: at === 1,
        IsDeleted: false,
        CreatedDate: now,
        CreatedById: userId,
        LastModifiedDate: now,
        LastModifiedById: userId,
        SystemModstamp: now,
      };
      org.store.put(statuses, statusId, status);
    });
  },
};
