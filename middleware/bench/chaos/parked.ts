import type { ConnectorProcess } from '../support/connector-process';
import { bookingIdsOf, type Customer } from './roles';

/** A part of a booking that waits for a human, as `status` tells it. */
export interface StatusParked {
  bookingId: string;
  sourceId: string;
  rootKey: string;
  part: string;
  outcome: { code: string; cause: string };
}

/** What waits for a human, told apart by whether it was planted to. */
export async function readParked(
  connector: ConnectorProcess,
  customers: Customer[],
  isPlanted: (customer: Customer) => boolean,
): Promise<{ planted: StatusParked[]; unexplained: string[] }> {
  const { parked } = JSON.parse(await connector.run(['status', '--json'])) as { parked: StatusParked[] };
  const expected = new Set(
    bookingsOf(customers, (customer) => customer.plant !== 'none' && isPlanted(customer)).flatMap(bookingIdsOf),
  );
  const isExpected = ({ sourceId, rootKey }: StatusParked): boolean => expected.has(`${sourceId}:${rootKey}`);
  return {
    planted: parked.filter(isExpected),
    unexplained: parked
      .filter((one) => !isExpected(one))
      .map(
        ({ sourceId, rootKey, part, outcome }) => `${sourceId}:${rootKey} ${part}: ${outcome.code} ${outcome.cause}`,
      ),
  };
}

/** Takes away the planted causes that are to be, and tries the bookings again, one by one, as an admin would. */
export async function releaseFixed(
  connector: ConnectorProcess,
  parked: StatusParked[],
  customers: Customer[],
  fix: () => Promise<void>,
): Promise<number> {
  await fix();
  const fixed = new Set(
    bookingsOf(customers, ({ plant, isFixed }) => plant !== 'none' && isFixed).flatMap(bookingIdsOf),
  );
  const released = parked.filter(({ sourceId, rootKey }) => fixed.has(`${sourceId}:${rootKey}`));
  for (const { bookingId } of released) await connector.run(['retry', bookingId]);
  return released.length;
}

/** The bookings of some customers. */
export function bookingsOf(customers: Customer[], fits: (customer: Customer) => boolean): Customer['bookings'] {
  return customers.filter(fits).flatMap(({ bookings }) => bookings);
}
