import type { MappingDocument } from '../mapping';

/**
 * YouCanBookMe. The owner of a booking page writes the body of each webhook himself; this reads the template of
 * docs/sources/mapped.md, into which YouCanBookMe puts texts that may be unescaped.
 */
export const youCanBookMe: MappingDocument = {
  name: 'youcanbookme',
  description: 'Bodies of YouCanBookMe webhooks, written by the template of docs/sources/mapped.md.',
  body: {
    template: [
      // What a visitor cannot type comes first: no text can change what stands before it.
      ...['event', 'ref', 'start', 'end', 'page', 'page_name', 'host_email'],
      ...['first_name', 'email', 'last_name', 'phone', 'company', 'salesforce_id', 'reason', 'note'],
    ],
  },
  // The same booking moved there and back has the same bytes, so an hour later they are another delivery.
  deliveryKey: '$digest & ":" & $substring($receivedAt, 0, 13)',
  kind: `$lookup({
    "booking.created": "scheduled",
    "booking.rescheduled": "rescheduled",
    "booking.cancelled": "canceled",
    "booking.no_show": "noShow",
    "booking.completed": "completed"
  }, event)`,
  bookingKey: 'ref',
  occurredAt: '$receivedAt',
  startsAt: '$replace(start, /([+-]\\d\\d)(\\d\\d)$/, "$1:$2")',
  endsAt: '$replace(end, /([+-]\\d\\d)(\\d\\d)$/, "$1:$2")',
  reason: 'reason',
  subject: 'page_name ? page_name : page',
  page: { id: 'page', name: 'page_name ? page_name : page' },
  host: { email: 'host_email' },
  customer: { email: 'email', firstName: 'first_name', lastName: 'last_name', phone: 'phone', company: 'company' },
  answers: { note: 'note' },
  recordId: 'salesforce_id',
};
