import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it is sent: what of it tells its place in the trace. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  service: string;
  startMs: number;
  durationMs: number;
}

interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

interface WireAttribute {
  key: string;
  value: { stringValue?: string };
}

interface Export {
  resourceSpans?: {
    resource?: { attributes?: WireAttribute[] };
    scopeSpans?: { spans?: WireSpan[] }[];
  }[];
}

const NANOSECONDS_PER_MS = 1e6;

function* spansIn({ resourceSpans = [] }: Export): Generator<Span> {
  for (const { resource, scopeSpans = [] } of resourceSpans) {
    const name = resource?.attributes?.find(({ key }) => key === 'service.name');
    const service = name?.value.stringValue ?? '';
    for (const span of scopeSpans.flatMap(({ spans = [] }) => spans)) {
      const startMs = Number(span.startTimeUnixNano) / NANOSECONDS_PER_MS;
      yield {
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        service,
        startMs,
        durationMs: Number(span.endTimeUnixNano) / NANOSECONDS_PER_MS - startMs,
      };
    }
  }
}

export interface SpanCollector extends AsyncDisposable {
  /** For OTLP_ENDPOINT of the services. */
  url: string;
  spans(): readonly Span[];
}

/** A collector of OTLP over HTTP in JSON, which keeps what it gets in memory. */
export async function collectSpans(): Promise<SpanCollector> {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      spans.push(...spansIn(JSON.parse(Buffer.concat(chunks).toString()) as Export));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => spans,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const indented = (span: Span, depth: number): string =>
  `${'  '.repeat(depth)}${span.service}: ${span.name} (${span.durationMs.toFixed(1)} ms)`;

/** The spans of one trace as lines, each beneath the one that caused it, in the order of time. */
export function traceTree(spans: readonly Span[]): string[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const beneath = (parent: string | undefined): Span[] =>
    spans
      .filter(({ parentSpanId }) =>
        parent === undefined ? !known.has(parentSpanId) : parentSpanId === parent,
      )
      .toSorted((one, other) => one.startMs - other.startMs);
  const lines = (span: Span, depth: number): string[] => [
    indented(span, depth),
    ...beneath(span.spanId).flatMap((child) => lines(child, depth + 1)),
  ];
  return beneath(undefined).flatMap((root) => lines(root, 0));
}
