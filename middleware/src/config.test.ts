import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readConfig } from './config';

describe('readConfig', () => {
  it('has a default for everything but the org', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      databaseUrl: null,
      salesforce: null,
      allowLoopback: false,
    });
  });

  it('takes an empty variable for none', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: null, port: 8080 });
  });

  it.each([
    ['a port that is none', { PORT: 'eighty' }, /PORT/],
    ['an address that is none', { PUBLIC_URL: 'bookings' }, /PUBLIC_URL/],
    [
      'half an org',
      { SALESFORCE_LOGIN_URL: 'https://example.my.salesforce.com' },
      /SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET/,
    ],
    [
      'notices for an address that could not tell whose they are',
      { NOTICE_WEBHOOK_URL: 'https://example.com/hook' },
      /NOTICE_WEBHOOK_SECRET must be set too/,
    ],
    [
      'a secret that signs nothing',
      { NOTICE_WEBHOOK_URL: 'https://example.com/hook', NOTICE_WEBHOOK_SECRET: 'whsec_short' },
      /NOTICE_WEBHOOK_SECRET/,
    ],
    ['notices without a way to mail them', { NOTICE_EMAIL_TO: 'ops@example.com' }, /NOTICE_EMAIL_FROM and SMTP_URL/],
    ['bodies that would be stripped at once', { RAW_BODY_RETENTION_DAYS: '0' }, /RAW_BODY_RETENTION_DAYS/],
    ['two faults at once', { PORT: '-1', LOG_LEVEL: 'loud' }, /PORT.*LOG_LEVEL/],
  ])('refuses %s and names it', (_title, env, message) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(message);
  });

  it('knows every setting that the example file explains, with the same default', () => {
    const example = readFileSync(join(__dirname, '../../.env.example'), 'utf8');
    const set = Object.fromEntries(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value]) => [name, value]),
    );
    expect(readConfig(set)).toEqual(readConfig({}));
    const explained = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name).sort();
    const source = readFileSync(join(__dirname, 'config.ts'), 'utf8');
    const known = [...source.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name).sort();
    expect(explained).toEqual(known);
  });
});
