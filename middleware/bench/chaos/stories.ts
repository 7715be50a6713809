import type { ConnectorProcess } from '../support/connector-process';
import type { Finding } from './model/compare';
import { bookingIdsOf } from './roles';

/** Most bookings whose stories are asked for. */
const MOST = 20;

/** What the connector itself tells of the bookings that are off: for whoever looks for the cause. */
export async function storiesOf(findings: Finding[], connector: ConnectorProcess): Promise<Record<string, unknown>> {
  const ids = findings.flatMap(({ booking }) => (booking === null ? [] : bookingIdsOf(booking)));
  const stories: Record<string, unknown> = {};
  for (const id of [...new Set(ids)].slice(0, MOST)) {
    const { bookings } = (await connector.order('listBookings', { key: id })) as { bookings: { id: string }[] };
    const [found] = bookings;
    if (found !== undefined) stories[id] = await connector.order('readBooking', { id: found.id });
  }
  return stories;
}
