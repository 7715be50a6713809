import { Connection } from '@jsforce/jsforce-node';

/** A booking as the straightforward connector is given it. */
export interface PlainBooking {
  key: string;
  email: string;
  hostEmail: string;
}

/**
 * Brings one booking into Salesforce as a script of an afternoon does, with plain jsforce: is it there already, is its
 * customer, create him, who is the host, create the Event. Each step is a call, and each booking waits for the one before.
 */
export async function writePlainly(
  { url, accessToken }: { url: string; accessToken: string },
  { key, email, hostEmail }: PlainBooking,
): Promise<void> {
  const connection = new Connection({ instanceUrl: url, accessToken, version: '67.0' });
  const [known] = await connection.sobject('Event').find({ Booking_Id__c: `plain:${key}` }, ['Id']);
  if (known !== undefined) return;
  const [person] = await connection.sobject('Lead').find({ Email: email }, ['Id']);
  const whoId =
    person?.Id ??
    (
      await connection
        .sobject('Lead')
        .create({ FirstName: 'Idris', LastName: 'Okafor', Email: email, Company: 'Harmattan Freight Ltd' })
    ).id;
  const [host] = await connection.sobject('User').find({ Email: hostEmail, IsActive: true }, ['Id']);
  await connection.sobject('Event').create({
    ...{ Booking_Id__c: `plain:${key}`, Subject: 'Intro call', Event_Status__c: 'Scheduled' },
    ...{ StartDateTime: '2027-03-01T09:00:00.000Z', EndDateTime: '2027-03-01T09:30:00.000Z' },
    WhoId: whoId,
    ...(host?.Id === undefined ? {} : { OwnerId: host.Id }),
  });
}
