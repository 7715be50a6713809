import { runEmulator } from '../src/index';
import { FIXTURE_PACKAGE } from './support';

/** Runs the command's function until its first output, and stops it as a terminal does. */
async function outputOf(
  options: Parameters<typeof runEmulator>[0],
  probe: (text: string) => Promise<void>,
): Promise<void> {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const run = runEmulator(options);
  while (written.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  write.mockRestore();
  try {
    await probe(written.join(''));
  } finally {
    process.emit('SIGTERM');
    await run;
  }
}

it('prints one line of JSON when it is ready, and closes on SIGTERM', async () => {
  let url = '';
  await outputOf({ json: true, deploy: [FIXTURE_PACKAGE] }, async (text) => {
    expect(text.endsWith('}\n')).toBe(true);
    const ready = JSON.parse(text) as Record<string, string>;
    expect(Object.keys(ready)).toEqual([
      'url',
      'accessToken',
      'refreshToken',
      'clientId',
      'clientSecret',
      'username',
      'adminUserId',
    ]);
    url = String(ready.url);
    const answer = await fetch(`${url}/services/data/v67.0/query?q=SELECT+Visit_Key__c+FROM+Event`, {
      headers: { authorization: `Bearer ${String(ready.accessToken)}` },
    });
    expect(answer.status).toBe(200);
  });
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('tells people where the org is', async () => {
  await outputOf({}, (text) => {
    expect(text).toContain('administrator  ada.admin@example.com');
    return Promise.resolve();
  });
});
