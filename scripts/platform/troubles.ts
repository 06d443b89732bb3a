const LINES_MAX = 12;
const LENGTH_MAX = 200;
/** How often each was said, the latest last. */
const said = new Map<string, { at: string; times: number }>();

/** Remembers, with the time, what a platform of this process complained of. */
export function noteTrouble(line: string): void {
  const times = (said.get(line)?.times ?? 0) + 1;
  said.delete(line);
  said.set(line, { at: new Date().toISOString().slice(11, 23), times });
  const [oldest] = said.keys();
  if (said.size > LINES_MAX && oldest !== undefined) said.delete(oldest);
}

/** The last ones: a test says that something did not happen, and these say why. */
export const lastTroubles = (): string[] =>
  [...said].map(([line, { at, times }]) => {
    const often = times > 1 ? ` (the last of ${times})` : '';
    return `${at} ${line.slice(0, LENGTH_MAX)}${often}`;
  });
