import type { MappingDocument } from '../mapping';

/**
 * 10to8 (Sign In Scheduling). No webhook of theirs is documented: bodies come from an automation that polls 10to8 and
 * sends what it finds here, under the names of docs/sources/mapped.md or under those of its own trigger (`id`, `name`,
 * `customers_name`, ..., as Microsoft's connector documents them).
 */
export const tenToEight: MappingDocument = {
  name: '10to8',
  description: 'Bodies that an automation makes of 10to8 (Sign In Scheduling) bookings.',
  kind: `$exists(event) ? $lookup({
    "booking.created": "scheduled",
    "booking.rescheduled": "rescheduled",
    "booking.cancelled": "canceled",
    "booking.canceled": "canceled",
    "booking.completed": "completed",
    "booking.no_show": "noShow",
    "booking.updated": "updated"
  }, event) : "scheduled"`,
  bookingKey: '$exists(booking_id) ? booking_id : id',
  occurredAt: 'occurred_at ? occurred_at : $receivedAt',
  startsAt: 'start',
  endsAt: 'end',
  reason: 'reason',
  subject: 'name ? name : service_name',
  page: { id: 'service_id ? service_id : service_name', name: 'service_name' },
  host: { id: 'staff_id', email: 'staff_email', name: 'staff_name' },
  customer: {
    id: 'customer_id',
    email: 'customer_email ? customer_email : customers_email',
    name: 'customer_name ? customer_name : customers_name',
    phone: 'customer_phone ? customer_phone : customers_number',
    company: 'company',
  },
  answers: 'answers',
  recordId: 'salesforce_id',
  location: 'location',
};
