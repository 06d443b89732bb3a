let lastMs = Number.NaN;
let lastText = '';

/** Microseconds since 1970 as RFC 3339 in UTC, e.g. 2026-11-20T10:30:00.123456Z. */
export function isoFromMicros(us: number): string {
  const ms = Math.floor(us / 1000);
  // A batch is decided within a few milliseconds: the text but for its last digits is the same.
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString().slice(0, -1);
    lastMs = ms;
  }
  return `${lastText}${String(us - ms * 1000).padStart(3, '0')}Z`;
}

/** RFC 3339 as microseconds since 1970. Digits beyond the sixth are dropped. */
export function microsFromIso(text: string): number {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const wholeSeconds = Date.parse(text.replace(/\.\d+/, ''));
  return wholeSeconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
