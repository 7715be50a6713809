import type { DoctorReport } from '../admin/doctor';
import { order } from './order';
import type { Terminal } from './terminal';

/**
 * What support needs to see, as JSON: what the doctor found, the settings, what waits and why. Addresses of people are
 * left out wherever they stand, and so are texts that may quote a booking; there is no secret in any of it.
 */
export async function supportBundle(terminal: Terminal, report: DoctorReport): Promise<string> {
  const { problems } = (await order(terminal, 'listProblems', {})) as { problems: Problem[] };
  const bundle = {
    writtenAt: new Date().toISOString(),
    node: process.version,
    platform: process.platform,
    doctor: report.lines,
    problems: problems.map(({ code, sobject, fields, count, since }) => ({ code, sobject, fields, count, since })),
    settings: await order(terminal, 'exportSettings', {}),
  };
  return `${withoutAddresses(JSON.stringify(bundle, null, 2))}\n`;
}

interface Problem {
  code: string;
  sobject: string | null;
  fields: string[];
  count: number;
  since: string;
}

/** Takes e-mail addresses and usernames out of a text. Pure. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s"',:;()<>]+@[^\s"',:;()<>]+\.[a-z]+/gi, '<e-mail>');
}
