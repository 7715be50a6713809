import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestOrg } from './support';

const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'snapshot-')), 'org.json');
const names = async (org: TestOrg): Promise<string[]> =>
  ((await org.query('SELECT LastName FROM Contact ORDER BY LastName')).body.records as { LastName: string }[]).map(
    ({ LastName }) => LastName,
  );

it('keeps the org in a file between two runs', async () => {
  const snapshotFile = newFile();
  const before = await TestOrg.start({ snapshotFile });
  const id = await before.create('Contact', { LastName: 'Sato', Patron_Key__c: 'c-1' });
  expect((await before.control('POST', '/snapshot')).status).toBe(204);
  expect(readFileSync(snapshotFile, 'utf8')).toContain('Sato');
  await before.create('Contact', { LastName: 'Mori' });
  await before.control('POST', '/settings', { dailyApiRequests: 99 });
  await before.close();
  const after = await TestOrg.start({ snapshotFile });
  try {
    expect(await names(after)).toEqual(['Mori', 'Sato']);
    expect((await after.api('GET', '/sobjects/Contact/Patron_Key__c/c-1')).body.Id).toBe(id);
    expect((await after.control('GET', '/settings')).body.dailyApiRequests).toBe(99);
    expect([id]).not.toContain(await after.create('Contact', { LastName: 'Abe' }));
  } finally {
    await after.close();
  }
});

it('refuses a file that is no snapshot', async () => {
  const snapshotFile = newFile();
  writeFileSync(snapshotFile, '{}');
  await expect(TestOrg.start({ snapshotFile })).rejects.toThrow('is no snapshot of an org');
});

it('brings back what was kept under a name, as often as asked', async () => {
  const org = await TestOrg.start();
  try {
    await org.create('Contact', { LastName: 'Sato' });
    expect((await org.control('POST', '/snapshot', { name: 'one' })).status).toBe(204);
    for (const lastName of ['Mori', 'Abe']) {
      await org.create('Contact', { LastName: lastName });
      expect((await org.control('POST', '/restore', { name: 'one' })).status).toBe(204);
      expect(await names(org)).toEqual(['Sato']);
    }
    expect((await org.control('POST', '/restore', { name: 'two' })).status).toBe(404);
    expect((await org.control('POST', '/snapshot')).status).toBe(400);
  } finally {
    await org.close();
  }
});
