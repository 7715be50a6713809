import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(8080),
  PUBLIC_URL: z.url().optional(),
  DATABASE_URL: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  ENCRYPTION_KEY: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SALESFORCE_LOGIN_URL: z.url().optional(),
  SALESFORCE_CLIENT_ID: z.string().min(1).optional(),
  SALESFORCE_CLIENT_SECRET: z.string().min(1).optional(),
  SALESFORCE_ALLOW_LOOPBACK: flag.default(false),
  WEBHOOK_BODY_LIMIT_BYTES: z.coerce.number().int().min(1_024).default(1_048_576),
  WEBHOOKS_PER_MINUTE: z.coerce.number().int().min(1).default(6_000),
  RAW_BODY_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  CONSOLE_IDLE_MINUTES: z.coerce.number().int().min(1).max(10_080).default(480),
  CONSOLE_SESSION_HOURS: z.coerce.number().int().min(1).max(2_160).default(168),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  SHUTDOWN_SECONDS: z.coerce.number().int().min(1).max(3_600).default(25),
  NOTICE_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  NOTICE_WEBHOOK_SECRET: z
    .string()
    .regex(
      /^whsec_(?=.{32,})(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
      'Expected whsec_ and at least 24 bytes in base64',
    )
    .optional(),
  NOTICE_EMAIL_TO: z.string().min(1).optional(),
  NOTICE_EMAIL_FROM: z.string().min(1).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  DRIFT_CHECK_MINUTES: z.coerce.number().int().min(5).max(1_440).default(60),
  LANE_LEASE_MS: z.coerce.number().int().min(500).default(10_000),
});

/** What the operator decided, read once at start. `.env.example` explains each setting. */
export interface Config {
  host: string;
  port: number;
  /** Address under which scheduling systems reach this server; null when nobody said. */
  publicUrl: string | null;
  databaseUrl: string | null;
  dataDir: string;
  encryptionKey: string | null;
  logLevel: string;
  /** The org to connect at start; null when none is configured. */
  salesforce: { loginUrl: string; clientId: string; clientSecret: string } | null;
  /** Whether an org on this machine, the emulator, is accepted. */
  allowLoopback: boolean;
  webhookBodyLimitBytes: number;
  /** Per source. */
  webhooksPerMinute: number;
  rawBodyRetentionDays: number;
  /** When a session of the console ends: unused for so long, and however much it is used. */
  consoleSession: { idleMinutes: number; hours: number };
  /** How many reverse proxies stand in front of this server. */
  trustedProxies: number;
  /** Where notices are posted to; null: to no address. */
  noticeWebhook: { url: string; secret: string } | null;
  /** Whom notices are mailed to; null: to nobody. */
  noticeMail: { smtpUrl: string; from: string; to: string } | null;
  laneLeaseMs: number;
  /** How often each org is looked at: whether it is still as the settings need it. */
  driftCheckMs: number;
  /** How long a stop may take before the process ends with what is on disk. */
  shutdownSeconds: number;
}

/** The environment lacks something, or holds what cannot be used. Names every setting at fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG';
}

const SALESFORCE = ['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'] as const;

/** Settings that make sense together only. */
const TOGETHER = {
  'To tell notices to an address': ['NOTICE_WEBHOOK_URL', 'NOTICE_WEBHOOK_SECRET'],
  'To mail notices': ['NOTICE_EMAIL_TO', 'NOTICE_EMAIL_FROM', 'SMTP_URL'],
  'To connect an org': SALESFORCE,
} as const;

/**
 * Reads the configuration from environment variables. An empty variable counts as not set.
 * @throws ConfigError naming every setting at fault at once.
 */
export function readConfig(env: Record<string, string | undefined>): Readonly<Config> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ConfigError(`The configuration cannot be used. ${faults.join('. ')}. See .env.example.`);
  }
  const settings = parsed.data;
  for (const [purpose, names] of Object.entries(TOGETHER)) {
    const missing = names.filter((name) => settings[name] === undefined);
    if (missing.length > 0 && missing.length < names.length)
      throw new ConfigError(`${purpose}, ${missing.join(' and ')} must be set too. See .env.example.`);
  }
  const {
    SALESFORCE_LOGIN_URL: loginUrl,
    SALESFORCE_CLIENT_ID: clientId,
    SALESFORCE_CLIENT_SECRET: clientSecret,
    NOTICE_WEBHOOK_URL: url,
    NOTICE_WEBHOOK_SECRET: secret,
    NOTICE_EMAIL_TO: to,
    NOTICE_EMAIL_FROM: from,
    SMTP_URL: smtpUrl,
  } = settings;
  const isComplete = loginUrl !== undefined && clientId !== undefined && clientSecret !== undefined;
  return Object.freeze({
    host: settings.HOST,
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL ?? null,
    databaseUrl: settings.DATABASE_URL ?? null,
    dataDir: settings.DATA_DIR,
    encryptionKey: settings.ENCRYPTION_KEY ?? null,
    logLevel: settings.LOG_LEVEL,
    salesforce: isComplete ? { loginUrl, clientId, clientSecret } : null,
    allowLoopback: settings.SALESFORCE_ALLOW_LOOPBACK,
    webhookBodyLimitBytes: settings.WEBHOOK_BODY_LIMIT_BYTES,
    webhooksPerMinute: settings.WEBHOOKS_PER_MINUTE,
    rawBodyRetentionDays: settings.RAW_BODY_RETENTION_DAYS,
    consoleSession: { idleMinutes: settings.CONSOLE_IDLE_MINUTES, hours: settings.CONSOLE_SESSION_HOURS },
    trustedProxies: settings.TRUSTED_PROXIES,
    noticeWebhook: url === undefined || secret === undefined ? null : { url, secret },
    noticeMail: to === undefined || from === undefined || smtpUrl === undefined ? null : { smtpUrl, from, to },
    laneLeaseMs: settings.LANE_LEASE_MS,
    driftCheckMs: settings.DRIFT_CHECK_MINUTES * 60_000,
    shutdownSeconds: settings.SHUTDOWN_SECONDS,
  });
}
