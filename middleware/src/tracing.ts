import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { OTLPTraceExporter as Exporter } from '@opentelemetry/exporter-trace-otlp-http';

/** What collects spans and sends them. */
export interface Tracing {
  /** Sends what was collected. Takes as long as the exporter's time limit at most, and never throws. */
  stop(): Promise<void>;
}

type Env = Record<string, string | undefined>;

const OFF: Tracing = { stop: () => Promise.resolve() };
/** How often it is told that traces could not be sent. */
const TELL_EVERY_MS = 60_000;

/**
 * Starts OpenTelemetry where its standard variables ask for it: `OTEL_EXPORTER_OTLP_ENDPOINT` (or that of traces), or
 * `OTEL_TRACES_EXPORTER`. Otherwise nothing of the SDK is even loaded. What the SDK knows by itself is left to it:
 * endpoints, headers, time limits, sampler, batches.
 *
 * @param env also what the SDK reads, which goes to the environment of the process: give no other in production.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export async function startTracing(
  env: Env,
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void },
): Promise<Tracing> {
  const exporterName = wantedExporter(env);
  if (exporterName === null) return OFF;
  if (exporterName !== 'otlp' && exporterName !== 'console') {
    log.warn({ exporter: exporterName }, 'OTEL_TRACES_EXPORTER knows otlp, console and none: nothing is traced');
    return OFF;
  }
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'http/protobuf';
  if (exporterName === 'otlp' && protocol !== 'http/protobuf' && protocol !== 'http/json') {
    log.warn({ protocol }, 'OTEL_EXPORTER_OTLP_PROTOCOL knows http/protobuf and http/json: nothing is traced');
    return OFF;
  }
  tellOfFaults(log);
  const { NodeTracerProvider, BatchSpanProcessor, ConsoleSpanExporter } = await import('@opentelemetry/sdk-trace-node');
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } =
    await import('@opentelemetry/resources');
  const exporter = exporterName === 'console' ? new ConsoleSpanExporter() : await otlpExporter(protocol);
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'booking-connector' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  log.info({ exporter: exporterName, ...(exporterName === 'otlp' ? { protocol } : {}) }, 'Traces are sent');
  return { stop: () => provider.shutdown().catch(() => undefined) };
}

/** Null when nobody asks for traces. */
function wantedExporter(env: Env): string | null {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return null;
  const named = env['OTEL_TRACES_EXPORTER'];
  if (named) return named === 'none' ? null : named;
  return env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ? 'otlp' : null;
}

async function otlpExporter(protocol: string): Promise<Exporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/** The SDK words its faults with addresses and answers in them: only that there was one is told. */
function tellOfFaults(log: { warn(fields: object, message: string): void }): void {
  let toldAt = -Infinity;
  const tell = (): void => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    log.warn({}, 'Traces could not be sent: look at the collector and the OTEL_ variables');
  };
  const nothing = (): void => undefined;
  const logger = { error: tell, warn: nothing, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
}
