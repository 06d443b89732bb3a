/** Tells somebody who watches how far a long work has come. */
export interface Progress {
  /** From now on this is being done. @param total 0 where nobody knows how much there is */
  begin(what: string, total: number): void;
  /** So much more of it is done. */
  advance(by: number): void;
  /** Nothing is left of it on the screen. */
  end(): void;
}

/** Where nobody watches. */
export const NO_PROGRESS: Progress = {
  begin: () => undefined,
  advance: () => undefined,
  end: () => undefined,
};

type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

const BAR = 30;
/** Drawn so often at most: a work of a million steps is not slower for being watched. */
const DRAW_EVERY_MS = 100;
const CLEAR = '\r\u001b[2K';

function barOf(done: number, total: number): string {
  const share = Math.min(1, done / total);
  const filled = Math.round(share * BAR);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${Math.floor(share * 100)} %`;
}

/**
 * A bar on a terminal, and nothing anywhere else. It goes to standard error: what a command prints
 * stays the same whether somebody watches or not.
 */
export function createProgress(
  screen: Screen = process.stderr,
  nowMs: () => number = () => performance.now(),
): Progress {
  if (!screen.isTTY) return NO_PROGRESS;
  let doing = '';
  let done = 0;
  let total = 0;
  let drawnAtMs = -Infinity;

  function draw(): void {
    const left = total > 0 ? barOf(done, total) : `${done}`;
    screen.write(`${CLEAR}${doing} ${left}`);
    drawnAtMs = nowMs();
  }
  return {
    begin(what, all) {
      [doing, done, total] = [what, 0, all];
      draw();
    },
    advance(by) {
      done += by;
      if (nowMs() - drawnAtMs >= DRAW_EVERY_MS) draw();
    },
    end: () => void screen.write(CLEAR),
  };
}
