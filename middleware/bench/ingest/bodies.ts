import { exampleBody } from '../../test/fixtures/source/build';

const PLACE = '%BOOKING%';

/** A booking of its own, as Cal.com tells it: somebody else books another time slot. About 3 KB. Pure. */
export function bodyOf(uid: string): string {
  return PARTS.join(uid);
}

const UID = 'q7Hd2mXwTn5RkZs8LbVc1A';
const NAME = 'Idris Okafor';
const EMAIL = 'Idris.Okafor@visitor.example';

/** The fixture in pieces, between which the name of the booking goes. */
const PARTS = exampleBody('calcom', 'BOOKING_CREATED')
  .toString('utf8')
  .replaceAll(UID, PLACE)
  .replaceAll(NAME, `Visitor ${PLACE}`)
  .replaceAll(EMAIL, `${PLACE}@visitor.example`)
  .split(PLACE);
