import {
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { faultText } from '@florin/kernel';

export interface TracingOptions {
  service: string;
  /** Address of an OTLP/HTTP collector, e.g. http://127.0.0.1:4318. Without it tracing is off. */
  otlpEndpoint?: string | undefined;
  /** Share of new traces that are recorded, 0 to 100. A parent's decision is always followed. */
  samplePercent?: number;
}

export interface Tracing {
  /** Sends what is still buffered and turns tracing off. */
  stop(): Promise<void>;
}

/** Undefined while tracing is off: the only thing that hot paths then pay for is this check. */
let active: { tracer: Tracer; parse: (traceparent: string) => SpanContext | null } | undefined;

/**
 * Turns tracing on when an endpoint is given. The SDK is loaded only then: it costs 20 MB, which a
 * process that does not trace should not hold. Spans are our own, without automatic
 * instrumentation, whose hooks would slow every call down.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { service, otlpEndpoint, samplePercent = 100 } = options;
  if (otlpEndpoint === undefined) return { stop: async () => {} };
  const [sdk, exporter, contexts, resources, core] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/core'),
  ]);
  const url = new URL('v1/traces', otlpEndpoint.endsWith('/') ? otlpEndpoint : `${otlpEndpoint}/`);
  const root = new sdk.TraceIdRatioBasedSampler(samplePercent / 100);
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': service }),
    sampler: new sdk.ParentBasedSampler({ root }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter: new exporter.OTLPTraceExporter({ url: url.href }) }),
    ],
  });
  context.setGlobalContextManager(new contexts.AsyncLocalStorageContextManager().enable());
  active = { tracer: provider.getTracer('florin'), parse: core.parseTraceParent };
  return {
    stop: async () => {
      active = undefined;
      context.disable();
      await provider.shutdown();
    },
  };
}

/** W3C trace context of the running span, to be sent along; undefined while tracing is off. */
export function currentTraceparent(): string | undefined {
  if (active === undefined) return undefined;
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

function parentContext(
  traceparent: string | undefined,
  parse: (traceparent: string) => SpanContext | null,
): Context {
  const remote = traceparent === undefined ? null : parse(traceparent);
  if (remote === null) return context.active();
  return trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true });
}

function endWithFault(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: faultText(error) });
  span.end();
}

/** Ends the span when the work has ended, be it at once or by a promise, and hands it through. */
function follow<T>(span: Span, work: () => T): T {
  try {
    const result = work();
    if (result instanceof Promise) {
      result.then(
        () => span.end(),
        (error: unknown) => endWithFault(span, error),
      );
    } else {
      span.end();
    }
    return result;
  } catch (error) {
    endWithFault(span, error);
    throw error;
  }
}

/**
 * Runs `work` in a span of that name. Its parent is the given traceparent, as it came with a
 * message, else the running span. While tracing is off this is a plain call.
 */
export function withTraceparent<T>(
  traceparent: string | undefined,
  name: string,
  work: () => T,
  attributes?: Attributes,
): T {
  if (active === undefined) return work();
  const parent = parentContext(traceparent, active.parse);
  const span = active.tracer.startSpan(name, attributes ? { attributes } : {}, parent);
  return context.with(trace.setSpan(parent, span), () => follow(span, work));
}

/** Something that was done for several messages at once, each with a trace of its own. */
export interface SharedWork {
  name: string;
  /** On the clock of performance.now(). */
  startedMs: number;
  attributes?: Attributes;
}

/**
 * Adds the work, which has just ended, as a span to each of the traces: how a batch shows in the
 * traces of those that it was made of. While tracing is off this does nothing.
 */
export function addToTraces(
  traceparents: Iterable<string | undefined>,
  { name, startedMs, attributes = {} }: SharedWork,
): void {
  if (active === undefined) return;
  const endTime = performance.timeOrigin + performance.now();
  const startTime = performance.timeOrigin + startedMs;
  for (const traceparent of traceparents) {
    const remote = traceparent === undefined ? null : active.parse(traceparent);
    if (remote === null) continue;
    const parent = trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true });
    active.tracer.startSpan(name, { startTime, attributes }, parent).end(endTime);
  }
}
