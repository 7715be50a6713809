import { createTransport } from 'nodemailer';
import { standardHeaders } from '../source/standard';
import type { Channel, Notice, NoticeEvent } from './notice';

/** How long a receiver may take. */
const TIMEOUT_MS = 20_000;

/** A receiver did not take a notice. The message is ours. */
export class NotTakenError extends Error {
  override readonly name = 'NotTakenError';
  readonly code = 'NOTICE_NOT_TAKEN';
}

/** Every way in which notices are told: the log always, the others as the operator set them. */
export function noticeChannels(
  {
    noticeWebhook,
    noticeMail,
  }: {
    noticeWebhook: { url: string; secret: string } | null;
    noticeMail: { smtpUrl: string; from: string; to: string } | null;
  },
  { log, now, consoleUrl }: { log: NoticeLog; now: () => Date; consoleUrl: () => string },
): Channel[] {
  return [
    logChannel(log),
    ...(noticeWebhook === null ? [] : [webhookChannel({ ...noticeWebhook, now, consoleUrl })]),
    ...(noticeMail === null ? [] : [mailChannel({ ...noticeMail, consoleUrl })]),
  ];
}

/** The log as notices are told in it. */
export interface NoticeLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Tells notices in the log. */
export function logChannel(log: NoticeLog): Channel {
  return {
    name: 'log',
    send: ({ key, orgId, severity, what, remedy }, event) => {
      const fields = { notice: key, event, ...(orgId === null ? {} : { orgId }), remedy };
      if (event === 'ended') log.info(fields, `Over: ${what}`);
      else if (severity === 'error') log.error(fields, what);
      else log.warn(fields, what);
      return Promise.resolve();
    },
  };
}

/**
 * Tells notices to a web address, signed as Standard Webhooks asks for. Answers but 2xx count as not taken.
 * @param secret `whsec_<base64>`.
 * @param consoleUrl where an admin sees more.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookChannel({
  url,
  secret,
  now,
  consoleUrl,
}: {
  url: string;
  secret: string;
  now: () => Date;
  consoleUrl: () => string;
}): Channel {
  return {
    name: 'webhook',
    send: async (notice, event, messageId) => {
      const body = JSON.stringify(webhookBody(notice, event, consoleUrl()));
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...standardHeaders(secret, messageId, body, now()) },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new NotTakenError(`The address answered ${response.status}.`);
    },
  };
}

function webhookBody(notice: Notice, event: NoticeEvent, consoleUrl: string): object {
  const { id, key, orgId, severity, what, remedy, raisedAt, endedAt } = notice;
  return {
    type: `notice.${event}`,
    timestamp: (event === 'ended' ? (endedAt ?? raisedAt) : raisedAt).toISOString(),
    data: {
      id,
      key,
      org: orgId,
      severity,
      what,
      remedy,
      raisedAt: raisedAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
      consoleUrl,
    },
  };
}

/** Tells notices by e-mail, through an SMTP server. @param smtpUrl `smtp://` or `smtps://`, with user and password where it asks for them. */
export function mailChannel({
  smtpUrl,
  from,
  to,
  consoleUrl,
}: {
  smtpUrl: string;
  from: string;
  to: string;
  consoleUrl: () => string;
}): Channel {
  const limits = { dnsTimeout: TIMEOUT_MS, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS };
  const transport = createTransport({ url: smtpUrl, ...limits, socketTimeout: TIMEOUT_MS }, { from });
  return {
    name: 'e-mail',
    send: async (notice, event, messageId) => {
      const over = event === 'ended' ? 'Over: ' : '';
      await transport.sendMail({
        to,
        messageId: `<${messageId}@booking-connector>`,
        subject: `[Booking Connector] ${over}${notice.what}`,
        text: mailText(notice, event, consoleUrl()),
      });
    },
  };
}

function mailText({ what, remedy, raisedAt, endedAt, orgId }: Notice, event: NoticeEvent, consoleUrl: string): string {
  const lines =
    event === 'raised'
      ? [what, '', `What to do: ${remedy}`, '', `Since: ${raisedAt.toISOString()}`]
      : ['This is over:', '', what, '', `From ${raisedAt.toISOString()} to ${endedAt?.toISOString() ?? 'now'}`];
  return [...lines, ...(orgId === null ? [] : [`Org: ${orgId}`]), `The console: ${consoleUrl}`, ''].join('\n');
}
