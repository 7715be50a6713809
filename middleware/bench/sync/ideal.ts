import { randomUUID } from 'node:crypto';

const VERSION = '/services/data/v67.0';
const HEADERS = { 'Sforce-Auto-Assign': 'FALSE', 'Sforce-Duplicate-Rule-Header': 'allowSave=false' };

/** The two calls that a batch of new bookings takes at least, ready to be sent. */
export interface IdealBatch {
  read: string;
  write: string;
}

/**
 * What the connector sends for a batch of new bookings by new customers, made ready before the clock runs: the same
 * questions, the same rows with the same fields, referred to in the same way. Pure but for the keys, which are new.
 */
export function idealBatch(size: number, ownerId: string): IdealBatch {
  const keys = Array.from({ length: size }, () => randomUUID());
  return { read: composite(reads(keys)), write: composite(writes(keys, ownerId)) };
}

function reads(keys: string[]): object[] {
  const list = (field: string, values: string[]): string => `${field} IN (${values.map((v) => `'${v}'`).join(',')})`;
  const person = `${list(
    'Booking_Customer_Id__c',
    keys.map((key) => `c-${key}`),
  )} OR ${list(
    'Email',
    keys.map((key) => `${key}@ideal.example`),
  )}`;
  const query = (resource: string, ref: string, soql: string): object => ({
    method: 'GET',
    url: `${VERSION}/${resource}?q=${encodeURIComponent(soql)}`,
    referenceId: ref,
  });
  const eventFields =
    'Id,WhoId,WhatId,OwnerId,IsDeleted,StartDateTime,EndDateTime,IsAllDayEvent,Booking_Id__c,Subject,Location,' +
    'Description,Event_Status__c,Cancel_Reschedule_Reason__c,Meeting_Type__c,Campaign__c,Booking_Source__c';
  const byKey = `IsChild = false AND ${list(
    'Booking_Id__c',
    keys.map((key) => `ideal:${key}`),
  )}`;
  const leadFields = 'Id,Email,LastModifiedDate,IsConverted,ConvertedContactId,Booking_Customer_Id__c';
  const contactFields = 'Id,Email,LastModifiedDate,AccountId,Booking_Customer_Id__c';
  return [
    query('queryAll', 'Event', `SELECT ${eventFields} FROM Event WHERE ${byKey}`),
    query('query', 'Lead', `SELECT ${leadFields} FROM Lead WHERE ${person}`),
    query('query', 'Contact', `SELECT ${contactFields} FROM Contact WHERE ${person}`),
  ];
}

function writes(keys: string[], ownerId: string): object[] {
  const upsert = (sobject: string, field: string, records: object[]): object => ({
    method: 'PATCH',
    url: `${VERSION}/composite/sobjects/${sobject}/${field}`,
    referenceId: `new${sobject}`,
    httpHeaders: HEADERS,
    body: {
      allOrNone: false,
      records: records.map((record) => ({ attributes: { type: sobject }, ...record })),
    },
  });
  return [
    upsert(
      'Lead',
      'Booking_Customer_Id__c',
      keys.map((key) => ({
        ...{
          Booking_Customer_Id__c: `c-${key}`,
          FirstName: 'Idris',
          LastName: 'Okafor',
          Email: `${key}@ideal.example`,
        },
        ...{ Phone: '+2348000000000', Company: 'Harmattan Freight Ltd' },
      })),
    ),
    upsert(
      'Event',
      'Booking_Id__c',
      keys.map((key) => ({
        ...{ Booking_Id__c: `ideal:${key}`, Subject: 'Intro call between Rosa Lindqvist and Idris Okafor' },
        ...{ Location: 'https://video.host.example/room-1', Description: 'notes: Bring the price list.' },
        ...{ Event_Status__c: 'Scheduled', Meeting_Type__c: 'Intro call', Booking_Source__c: 'ideal' },
        ...{ StartDateTime: '2027-03-01T09:00:00.000Z', EndDateTime: '2027-03-01T09:30:00.000Z', IsAllDayEvent: false },
        OwnerId: ownerId,
        Who: { attributes: { type: 'Lead' }, Booking_Customer_Id__c: `c-${key}` },
      })),
    ),
  ];
}

function composite(compositeRequest: object[]): string {
  return JSON.stringify({ allOrNone: false, collateSubrequests: false, compositeRequest });
}

/** Sends a batch: one call, and when it is answered the other. @throws unless both are answered 200. */
export async function sendIdeal(org: { url: string; accessToken: string }, { read, write }: IdealBatch): Promise<void> {
  for (const body of [read, write]) {
    const response = await fetch(`${org.url}${VERSION}/composite`, {
      method: 'POST',
      headers: { authorization: `Bearer ${org.accessToken}`, 'content-type': 'application/json', ...HEADERS },
      body,
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`The ideal was answered ${response.status}: ${text.slice(0, 500)}`);
  }
}
