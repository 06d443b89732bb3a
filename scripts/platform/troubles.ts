const LINES_MAX = 12;
const LENGTH_MAX = 200;
const lines: string[] = [];

/** Remembers, with the time, what a platform of this process complained of. */
export function noteTrouble(line: string): void {
  lines.push(`${new Date().toISOString().slice(11, 23)} ${line}`.slice(0, LENGTH_MAX));
  if (lines.length > LINES_MAX) lines.shift();
}

/** The last ones: a test says that something did not happen, and these say why. */
export const lastTroubles = (): string[] => [...lines];
