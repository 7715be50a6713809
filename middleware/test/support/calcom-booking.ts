/** What Cal.com sends of a new booking, of a visitor of its own. */
export function calcomBooking(uid: string): object {
  return {
    triggerEvent: 'BOOKING_CREATED',
    createdAt: '2027-01-01T00:00:00.000Z',
    payload: {
      title: 'Product demo',
      startTime: '2027-03-01T04:30:00Z',
      endTime: '2027-03-01T05:00:00Z',
      organizer: { id: 11, name: 'Host', email: 'nobody@example.com', timeZone: 'UTC' },
      attendees: [{ name: `Visitor ${uid}`, email: `${uid}@example.test`, timeZone: 'UTC' }],
      responses: { company: { label: 'Company', value: 'Example Offices KK' } },
      uid,
      status: 'ACCEPTED',
    },
  };
}
