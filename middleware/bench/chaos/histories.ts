import { sign, KINDS, type Kind } from '../../test/fixtures/source/build';
import { standardHeaders } from '../../src/source/standard';
import { ACTS } from '../../test/histories/drawn';
import { liveShared, type SeatTruth } from '../../test/histories/seats';
import { SOURCES } from '../../test/histories/sources';
import { live, type Cast, type Posted, type Truth, type Wish } from '../../test/histories/world';
import type { SourceSetUp } from '../support/connector-process';
import { HOSTS } from './hosts';
import { randomOf } from './random';

const SECRET = `whsec_${Buffer.from('a secret of the chaos').toString('base64')}`;
/** More than the changes of one history. */
const SERIALS = 100;
/** How many of the customers have booked before, in another history and maybe with another system. */
const RETURNING = 0.3;
/** How far from its place in time a delivery comes, as a share of the whole run. */
const DISORDER = 0.3;

/** What became of a booking, by those who made it so: nothing here comes from the connector. */
export type Booked = SeatTruth & Partial<Pick<Truth, 'location' | 'answer' | 'answers'>>;

/** A scheduling system that takes part. */
interface Place extends SourceSetUp {
  /** Its bodies have no time: when they are received is when it happened, so they come in order. */
  isOrdered: boolean;
  live: (wishes: Wish[], lastSerial: number, cast: Cast) => { posted: Posted[]; truths: Booked[] };
}

const PLACES: Place[] = [
  // The bodies of Acuity say next to nothing: what they leave out has to be asked of an API that takes no part here.
  ...SOURCES.filter(({ kind }) => kind !== 'acuity').map((source): Place => ({
    ...{ id: source.kind.replace(':', '-'), kind: source.kind, secret: SECRET },
    isOrdered: source.kind === 'mapped:youcanbookme',
    live: (wishes, lastSerial, cast) => live(source, wishes, lastSerial, cast),
  })),
  { id: 'seats', kind: 'calcom', secret: SECRET, isOrdered: false, live: liveShared },
];

/** The sources as the connector is to know them. */
export const PLACES_SET_UP: SourceSetUp[] = PLACES.map(({ id, kind, secret }) => ({ id, kind, secret }));

/** One draw of lives, in one scheduling system. */
export interface History {
  index: number;
  sourceId: string;
  isOrdered: boolean;
  bookings: Booked[];
  /** All that the system sends of it. Lived again at each question: the bodies of all histories would fill the memory. */
  posted: () => Posted[];
  /** Bookings of which somebody said that they were canceled, by their place in `bookings`; of seats nobody knows. */
  mayHaveBeenCanceled: (booking: number) => boolean;
}

/** One sending of one delivery. */
export interface Arrival {
  history: History;
  place: number;
}

/** As many histories as have at least so many bookings together. The same for the same seed. */
export function drawHistories(bookings: number, seed: number): History[] {
  const random = randomOf(seed);
  const people: string[] = [];
  const histories: History[] = [];
  for (let [count, index] = [0, 0]; count < bookings; index += 1) {
    const place = PLACES[index % PLACES.length] as Place;
    const wishes = drawWishes(random);
    const customers: string[] = [];
    while (customers.length < 3) {
      const email = castCustomer(people, random);
      if (!customers.some((other) => other.toLowerCase() === email.toLowerCase())) customers.push(email);
    }
    const act = (): ReturnType<Place['live']> => place.live(wishes, index * SERIALS, { customers, hosts: HOSTS });
    const { truths, posted } = act();
    const canceled = new Set(posted.filter(({ isCancel }) => isCancel).map(({ booking }) => booking));
    histories.push({
      ...{ index, sourceId: place.id, isOrdered: place.isOrdered, bookings: truths },
      posted: () => act().posted,
      mayHaveBeenCanceled: (booking) => place.id === 'seats' || canceled.has(booking),
    });
    count += truths.length;
  }
  return histories;
}

/** A booking, and up to twelve things that somebody wants to happen then. */
function drawWishes(random: () => number): Wish[] {
  const nat = (max: number): number => Math.floor(random() * (max + 1));
  const more = Array.from({ length: nat(12) }, () => ({
    ...{ who: nat(2), act: ACTS[nat(ACTS.length - 1)] ?? 'book', minutes: 1 + nat(599), pick: nat(10_000) },
  }));
  return [{ who: 0, act: 'book', minutes: 1, pick: nat(10_000) }, ...more];
}

/** Somebody who has booked before, spelt in another way at times, or somebody new. */
function castCustomer(people: string[], random: () => number): string {
  const isReturning = people.length > 10 && random() < RETURNING;
  const known = people[Math.floor(random() * people.length)];
  if (isReturning && known !== undefined) return random() < 0.5 ? known : known.toUpperCase();
  people.push(`visitor${people.length}@chaos.example`);
  return people.at(-1) ?? '';
}

/** Every delivery at least once, a third of them again, in disorder but for sources whose order is all they tell. */
export function arrivalsOf(histories: History[], seed: number): Arrival[] {
  const random = randomOf(seed + 1);
  const sent = histories.flatMap((history) => {
    const count = history.posted().length;
    const at = history.index / histories.length;
    const places = Array.from({ length: count }, (_, place) => ({ history, place, at: at + random() * DISORDER }));
    if (history.isOrdered) {
      const times = places.map((one) => one.at).sort((a, b) => a - b);
      // Twice in a row, as of a sender whose first try was not answered.
      return places.flatMap((one, index) => [
        { ...one, at: times[index] ?? at },
        { ...one, at: times[index] ?? at },
      ]);
    }
    const again = places
      .filter(() => random() < 1 / 3)
      // Every fourth of them at the same moment.
      .map((one) => ({ ...one, at: random() < 0.25 ? one.at : at + random() * DISORDER }));
    return [...places, ...again];
  });
  return sent.sort((a, b) => a.at - b.at).map(({ history, place }) => ({ history, place }));
}

/** Headers as the sender would send them with this body, now. */
export function headersOf({ history: { index, sourceId }, place }: Arrival, body: string): Record<string, string> {
  const kind = PLACES_SET_UP.find(({ id }) => id === sourceId)?.kind ?? '';
  if (kind === 'standard') return standardHeaders(SECRET, `message-${index}-${place}`, body, new Date());
  const builtIn = KINDS.find((name): name is Kind => name === kind);
  return builtIn === undefined
    ? { authorization: `Bearer ${SECRET}` }
    : sign(builtIn, SECRET, Buffer.from(body), new Date());
}
