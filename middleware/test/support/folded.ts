import { saveDeliveries, type Delivery, type DeliveryOutcome } from '../../src/booking/delivery.store';
import { foldAll } from '../../src/booking/folder';
import { readDelivery } from '../../src/source/kinds';
import type { Store } from '../../src/store/store';

/** Stores a group of deliveries, and folds them into their bookings, as a running connector does one after the other. */
export async function saveAndFold(store: Store, group: Delivery[]): Promise<DeliveryOutcome[]> {
  const outcomes = await saveDeliveries(store, group);
  await foldAll(store, readDelivery);
  return outcomes;
}

/** Waits until every delivery that was answered is folded into its bookings. */
export async function folded(store: Store): Promise<void> {
  for (const until = Date.now() + 20_000; ;) {
    const { rows } = await store.query(`select from delivery where id > (select up_to from folding) limit 1`);
    if (rows.length === 0) return;
    if (Date.now() > until) throw new Error('Deliveries are still not folded after 20 s.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
