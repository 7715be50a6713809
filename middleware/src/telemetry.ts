import { SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';

/** Adds what is known later to a span: ids, counts and codes. Nothing of a person may be in it. */
export type NoteOnSpan = (attributes: Attributes) => void;

/** What stands outside the connector at a span: a sender (`server`), Salesforce (`client`), or nobody. */
export type SpanSide = 'server' | 'client' | 'internal';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

/**
 * Runs work inside a span of OpenTelemetry; spans of the work become its children. Without an SDK (see `tracing.ts`)
 * it does nothing but run the work.
 *
 * An error leaves its code alone, for messages may quote what people typed.
 *
 * @throws whatever `work` threw.
 */
export async function inSpan<T>(
  name: string,
  { side = 'internal', ...attributes }: { side?: SpanSide } & Attributes,
  work: (note: NoteOnSpan) => Promise<T>,
): Promise<T> {
  return trace.getTracer('booking-connector').startActiveSpan(name, { kind: KINDS[side], attributes }, async (span) => {
    try {
      return await work((noted) => void span.setAttributes(noted));
    } catch (error) {
      span.setAttribute('error.type', errorType(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Adds a span for what is done already, where only then is known that it is worth one. */
export function recordSpan(name: string, startedAt: Date, attributes: Attributes): void {
  trace.getTracer('booking-connector').startSpan(name, { startTime: startedAt, attributes }).end();
}

function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { errorCode, code } = error as { errorCode?: unknown; code?: unknown };
  return ([errorCode, code].find((one) => typeof one === 'string' && one !== '') as string | undefined) ?? error.name;
}
