import fc from 'fast-check';
import type { Act, Wish } from './world';

/** Everything that can be wished for, the usual more often. */
export const ACTS: Act[] = [
  ...(['book', 'book', 'pay', 'move', 'move', 'move', 'moveAsRequest', 'cancel', 'askForNewTime', 'revive'] as const),
  ...(['end', 'noShow', 'guestNoShow', 'undo', 'reassign', 'edit'] as const),
];
/** What is drawn of a history. */
export interface Drawn {
  wishes: Wish[];
  /** Where in the row of arrivals a delivery comes, and again; smaller first. */
  places: number[];
  /** After which arrivals the clock runs. */
  clock: boolean[];
}
export const drawn: fc.Arbitrary<Drawn> = fc.record({
  wishes: fc
    .array(
      fc.record({
        who: fc.nat(2),
        act: fc.constantFrom(...ACTS),
        minutes: fc.integer({ min: 1, max: 600 }),
        pick: fc.nat(10_000),
      }),
      { maxLength: 14 },
    )
    .map((more) => [{ who: 0, act: 'book' as const, minutes: 1, pick: more.length * 37 }, ...more]),
  places: fc.array(fc.nat(1_000), { minLength: 60, maxLength: 60 }),
  clock: fc.array(fc.boolean(), { maxLength: 30 }),
});

/** Places of deliveries in the order in which they come: each at least once, some of them again. */
export function arrivalsOf(count: number, places: number[]): number[] {
  const placeAt = (index: number): number => places[index % places.length] ?? 0;
  const once = Array.from({ length: count }, (_, place) => place);
  return [...once, ...once.filter((place) => placeAt(place) % 3 === 0)]
    .map((place, index) => ({ place, at: placeAt(index) }))
    .sort((a, b) => a.at - b.at)
    .map(({ place }) => place);
}
