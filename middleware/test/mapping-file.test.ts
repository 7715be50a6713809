import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../src/cli/command';

/** The mapping and the body of docs/sources/mapped.md, tried as it says. */
describe('translate mapped:<file>', () => {
  const page = readFileSync(join(__dirname, '../../docs/sources/mapped.md'), 'utf8');
  const [body, mapping] = [...page.matchAll(/```json\n(.*?)```/gs)].map((found) => found[1]!) as [string, string];
  const dir = mkdtempSync(join(tmpdir(), 'mapping-'));
  writeFileSync(join(dir, 'acme-body.json'), body);

  const run = async (command: string, written: string): Promise<[code: number, out: string, err: string]> => {
    writeFileSync(join(dir, 'acme.json'), written);
    let out = '';
    let err = '';
    const terminal = {
      stdout: (text: string) => void (out += text),
      stderr: (text: string) => void (err += text),
      env: {},
    };
    const argv = [
      'node',
      'booking-connector',
      command,
      `mapped:${join(dir, 'acme.json')}`,
      join(dir, 'acme-body.json'),
    ];
    const code = await runCommand([...argv, '--json'], terminal);
    return [code, out, err];
  };

  it('prints the booking event', async () => {
    const [code, out] = await run('translate', mapping);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ events: [{ kind: 'scheduled', bookingKey: '7731' }] });
  });

  it('folds, too', async () => {
    const [code, out] = await run('fold', mapping);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ bookings: [{ keys: ['7731'], status: 'Scheduled' }] });
  });

  it.each([
    [
      'the field and the position of a wrong expression',
      'appointment.number',
      'appointment.',
      'bookingKey: is not a JSONata expression at position',
    ],
    ['a field that is misspelt', '"subject"', '"subjekt"', 'subjekt: is not a field of a mapping'],
    ['what came out wrong', 'appointment.number', 'appointment.id', 'bookingKey: expected the id of the booking'],
    ['that it is not JSON', '{', '', 'mapping: is not JSON'],
  ])('says %s', async (_title, written, spoilt, expected) => {
    const [code, , err] = await run('translate', mapping.replace(written, spoilt));
    expect(code).toBe(1);
    expect(err).toContain(expected);
  });

  it('says that there is no such file', async () => {
    let err = '';
    const terminal = { stdout: () => undefined, stderr: (text: string) => void (err += text), env: {} };
    expect(await runCommand(['node', 'booking-connector', 'translate', 'mapped:./none.json', '-'], terminal)).toBe(1);
    expect(err).toContain('none.json cannot be read');
  });
});
