import type { Span } from './collect-spans.ts';

const ROW = 26;
const LEFT = 250;
const WIDTH = 620;
const RIGHT = 90;
const TOP = 34;
const COLOURS: Record<string, string> = {
  gateway: '#2563eb',
  fraud: '#b45309',
  ledger: '#047857',
  banking: '#7c3aed',
};
const OTHER = '#475569';
const NARROWEST = 2;

interface Row {
  span: Span;
  depth: number;
}

/** Each span beneath the one that caused it, in the order of time. */
function rowsOf(spans: readonly Span[]): Row[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const beneath = (parent: string | undefined, depth: number): Row[] =>
    spans
      .filter(({ parentSpanId }) =>
        parent === undefined ? !known.has(parentSpanId) : parentSpanId === parent,
      )
      .toSorted((one, other) => one.startMs - other.startMs)
      .flatMap((span) => [{ span, depth }, ...beneath(span.spanId, depth + 1)]);
  return beneath(undefined, 0);
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A trace as a picture: a bar for each span, as long as it took, under the one that caused it. */
export function traceSvg(spans: readonly Span[]): string {
  const rows = rowsOf(spans);
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const endMs = Math.max(...spans.map((span) => span.startMs + span.durationMs));
  const scale = WIDTH / (endMs - startMs || 1);
  const bars = rows.map(({ span, depth }, index) => {
    const y = TOP + index * ROW;
    const x = LEFT + (span.startMs - startMs) * scale;
    const width = Math.max(NARROWEST, span.durationMs * scale);
    const colour = COLOURS[span.service] ?? OTHER;
    const name = escaped(`${span.service}: ${span.name}`);
    const took = `${span.durationMs.toFixed(1)} ms`;
    return (
      `<text x="${12 + depth * 16}" y="${y + 16}">${name}</text>` +
      `<rect x="${x.toFixed(1)}" y="${y + 4}" width="${width.toFixed(1)}" height="16" rx="3" ` +
      `fill="${colour}"/><text x="${(x + width + 6).toFixed(1)}" y="${y + 16}" ` +
      `class="took">${took}</text>`
    );
  });
  const height = TOP + rows.length * ROW + 10;
  const whole = `${(endMs - startMs).toFixed(1)} ms from the request to the last word`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + RIGHT} ${height}" ` +
    `role="img" aria-label="A trace"><style>text{font:13px system-ui,sans-serif;fill:#1e293b}` +
    `.took{font-size:11px;fill:#64748b}</style><rect width="100%" height="100%" fill="#fff"/>` +
    `<text x="12" y="20" class="took">${whole}</text>\n${bars.join('\n')}\n</svg>\n`
  );
}
