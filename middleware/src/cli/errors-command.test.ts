import { runCommand } from './command';

async function run(...args: string[]) {
  const printed = { out: '', err: '' };
  const terminal = {
    stdout: (text: string) => void (printed.out += text),
    stderr: (text: string) => void (printed.err += text),
    env: {},
  };
  const exitCode = await runCommand(['node', 'booking-connector', 'errors', ...args], terminal);
  return { exitCode, ...printed };
}

describe('booking-connector errors', () => {
  it('prints the whole page', async () => {
    const { exitCode, out } = await run();
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^# Errors\n/);
  });

  it('tells the meanings of one code, in words and as JSON', async () => {
    const { out } = await run('REQUEST_LIMIT_EXCEEDED');
    expect(out).toContain('Where the message names concurrent requests: Too many long requests');
    expect(out).toContain('The org has used up its API calls of the last 24 hours.');
    const json = JSON.parse((await run('REQUEST_LIMIT_EXCEEDED', '--json')).out) as { errors: object[] };
    expect(json.errors).toMatchObject([{ class: 'retrySoon' }, { class: 'retryLater' }]);
  });

  it('refuses a code that it does not know', async () => {
    expect(await run('NEVER_SEEN')).toMatchObject({ exitCode: 1, err: expect.stringContaining('NEVER_SEEN') });
  });
});
