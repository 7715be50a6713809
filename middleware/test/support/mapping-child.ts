/** Reads one body with a mapping again and again, and says at the end how often it was refused. For `startChild`. */
import { kinds } from '../../src/source/kinds';

const [file = '', forMs = '0'] = process.argv.slice(2);
const body = Buffer.from(file, 'base64');
const source = kinds.get('mapped:10to8');
const until = Date.now() + Number(forMs);
let [read, refused] = [0, 0];
const arrival = { headers: {}, receivedAt: new Date() };
source?.translate(body, arrival); // the realm is opened before the test begins
process.stdout.write('ready\n');
while (Date.now() < until) {
  const translation = source?.translate(body, arrival);
  if (translation !== undefined && 'events' in translation) read += 1;
  else refused += 1;
}
process.stdout.write(`${JSON.stringify({ read, refused })}\n`);
