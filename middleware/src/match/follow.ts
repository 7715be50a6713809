import { hasPersonAccounts } from '../salesforce/schema';
import type { CustomerObject, RelatedObject } from '../settings/objects';
import { idOf, textIn } from './found-record';
import type { FollowUp, FoundRecord } from './match-types';
import type { OrgView } from './org-view';
import type { MatchedSobject } from './record-fields';
import { emailIn, type RecordIndex } from './record-index';

/** From a record to what it became: merged, converted. More in a row are not followed; each may cost a read. */
const MAX_HOPS = 5;

/** An object whose records customers are, by API name. */
export type CustomerSobject = Exclude<MatchedSobject, 'Case'>;

interface Next {
  sobject: CustomerSobject;
  id: string;
  how: string;
}

/** A customer's record, reached from one that was named. */
export interface Reached {
  object: CustomerObject;
  recordId: string;
  /** Null when the user does not see the object. */
  record: FoundRecord | null;
  /** E-mails of the records on the way. */
  emails: string[];
  /** What happened on the way, in plain words. */
  way: string[];
}

/** Looks up records for one booking, and keeps what it would have to know and does not. */
export class Lookup {
  readonly #missing = new Map<string, Set<string>>();

  constructor(
    readonly index: RecordIndex,
    readonly org: OrgView,
  ) {}

  /** Whether something has to be read before this booking can be matched. */
  get isWaiting(): boolean {
    return this.#missing.size > 0;
  }

  get followUps(): FollowUp[] {
    return [...this.#missing].map(([sobject, ids]) => ({ sobject, ids: [...ids] }));
  }

  /** A record that the queries asked for by id: what they did not give is not there. */
  named(sobject: MatchedSobject, id: string): FoundRecord | null {
    return this.index.isCut(sobject) ? this.discovered(sobject, id) : this.index.record(sobject, id);
  }

  /** A record that only another record names: it is read in a follow-up when it was not, and the user sees the object. */
  discovered(sobject: MatchedSobject, id: string): FoundRecord | null {
    const record = this.index.record(sobject, id);
    if (record === null && this.org.schema.objects[sobject] !== undefined) this.miss(sobject, id);
    return record;
  }

  /** Asks for a follow-up. */
  miss(sobject: string, id: string): void {
    const ids = this.#missing.get(sobject) ?? new Set();
    this.#missing.set(sobject, ids.add(id));
  }

  /**
   * From a record to the living record that the customer has now: a converted Lead goes on as its Contact or Person
   * Account, a merged record as the one it was merged into, the Contact of a Person Account as that Account.
   *
   * @param start a record, or the id of one that the queries asked for.
   * @returns null when there is none: deleted for good, a business Account, or waiting for a follow-up.
   */
  reach(sobject: CustomerSobject, start: FoundRecord | string, hops = MAX_HOPS): Reached | null {
    const emails: string[] = [];
    const way: string[] = [];
    let at = { sobject, id: typeof start === 'string' ? start : idOf(start) };
    let record = typeof start === 'string' ? this.named(sobject, start) : start;
    for (let hop = 0; record !== null; hop += 1) {
      const email = emailIn(at.sobject, record);
      if (email !== null) emails.push(email);
      const next = this.#next(at.sobject, record);
      if (next === 'gone') return null;
      if (next === null) return { object: objectOf(at.sobject), recordId: idOf(record), record, emails, way };
      if (hop === hops) return null;
      way.push(`${at.sobject} ${at.id} ${next.how}`);
      at = next;
      if (this.org.schema.objects[at.sobject] === undefined)
        return { object: objectOf(at.sobject), recordId: at.id, record: null, emails, way };
      record = this.discovered(at.sobject, at.id);
    }
    return null;
  }

  /** The record that a booking can be related to: a merged Account or Case goes on as what it was merged into. */
  reachRelated(sobject: RelatedObject, start: FoundRecord | null, hops = 1): FoundRecord | null {
    if (start?.['IsDeleted'] !== true) return start;
    const master = textIn(start, 'MasterRecordId');
    return master === null || hops === 0
      ? null
      : this.reachRelated(sobject, this.discovered(sobject, master), hops - 1);
  }

  /** What a record became; null when it is what it was. */
  #next(sobject: CustomerSobject, record: FoundRecord): Next | 'gone' | null {
    if (record['IsDeleted'] === true) {
      const master = textIn(record, 'MasterRecordId');
      return master === null ? 'gone' : { sobject, id: master, how: 'was merged' };
    }
    if (sobject === 'Account') return record['IsPersonAccount'] === true ? null : 'gone';
    if (sobject === 'Lead' && record['IsConverted'] === true) return this.#converted(record);
    const accountId = textIn(record, 'AccountId');
    if (sobject === 'Contact' && isOfPersonAccount(record, this.org) && accountId !== null)
      return { sobject: 'Account', id: accountId, how: 'is of a Person Account' };
    return null;
  }

  #converted(lead: FoundRecord): Next | null {
    const contactId = textIn(lead, 'ConvertedContactId');
    const accountId = textIn(lead, 'ConvertedAccountId');
    if (contactId === null) return null;
    const how = 'was converted';
    if (accountId === null || !hasPersonAccounts(this.org.schema)) return { sobject: 'Contact', id: contactId, how };
    // Until the Account is read the Contact is asked for as well: one read tells which it is.
    const account = this.discovered('Account', accountId);
    return account?.['IsPersonAccount'] === true
      ? { sobject: 'Account', id: accountId, how }
      : { sobject: 'Contact', id: contactId, how };
  }
}

/** Whether a Contact is the person of a Person Account, and so not to be matched by itself. */
export function isOfPersonAccount(contact: FoundRecord, { schema }: OrgView): boolean {
  return hasPersonAccounts(schema) && contact['IsPersonAccount'] === true;
}

function objectOf(sobject: CustomerSobject): CustomerObject {
  return sobject === 'Account' ? 'PersonAccount' : sobject;
}

/** The API name of a customer's object. */
export function customerSobject(object: CustomerObject): CustomerSobject {
  return object === 'PersonAccount' ? 'Account' : object;
}
