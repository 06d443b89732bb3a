/** How long a client wants to wait for a final answer before it takes a 202 (RFC 7240). */
export interface Preference {
  waitMs: number;
  /** What was asked for and is honoured, for the header Preference-Applied. */
  applied: string | undefined;
}

const WAIT_DEFAULT_MS = 5_000;
const WAIT_MAX_SECONDS = 60;

const DEFAULT: Preference = { waitMs: WAIT_DEFAULT_MS, applied: undefined };

/** `wait` as RFC 7240 writes it: a number of seconds, in quotes or not. */
const WAIT = /^wait\s*=\s*"?([0-9]{1,9})"?$/i;
const RESPOND_ASYNC = /^respond-async$/i;

/**
 * Reads the Prefer header. A preference that is unknown or malformed is ignored, as the RFC wants;
 * of several `wait` the first counts. `respond-async` alone does not wait at all, together with
 * `wait` it is implied: that long, then 202. Waiting is limited to 60 s.
 */
export function readPreference(header: string | undefined): Preference {
  if (header === undefined) return DEFAULT;
  const wanted = header.split(',').map((part) => part.split(';', 1)[0]?.trim() ?? '');
  const wait = wanted.map((part) => WAIT.exec(part)?.[1]).find((digits) => digits !== undefined);
  if (wait !== undefined) {
    const seconds = Math.min(Number(wait), WAIT_MAX_SECONDS);
    return { waitMs: seconds * 1000, applied: `wait=${seconds}` };
  }
  if (wanted.some((part) => RESPOND_ASYNC.test(part))) {
    return { waitMs: 0, applied: 'respond-async' };
  }
  return DEFAULT;
}
