/** After this many messages that nobody scored in a row nobody is expected to score the next. */
const UNSCORED_IN_A_ROW = 5;
/** How long the next are waited for then. A scorer that is back answers within it. */
const SHORT_DEADLINE_MS = 100;
/** How often one is given all its time nevertheless: a slow scorer would never be noticed again. */
const TRY_AGAIN_MS = 30_000;

/** How long a score is worth waiting for. */
export interface Patience {
  deadlineMs(): number;
  /** True when scores have only now begun to be missing. */
  onUnscored(messages: number, nowMs: number): boolean;
  /** True when scores had been missing. */
  onScored(): boolean;
}

/** Waits the whole deadline while somebody scores, and not much when nobody does. */
export function createPatience(deadlineMs: number): Patience {
  let inARow = 0;
  /** When the whole deadline was last waited for in vain. */
  let triedAtMs = 0;
  return {
    deadlineMs: () =>
      inARow < UNSCORED_IN_A_ROW ? deadlineMs : Math.min(deadlineMs, SHORT_DEADLINE_MS),
    onUnscored(messages, nowMs) {
      const isNew = inARow === 0;
      if (inARow < UNSCORED_IN_A_ROW) triedAtMs = nowMs;
      inARow += messages;
      if (nowMs - triedAtMs >= TRY_AGAIN_MS) inARow = UNSCORED_IN_A_ROW - 1;
      return isNew;
    },
    onScored() {
      const wereMissing = inARow > 0;
      inARow = 0;
      return wereMissing;
    },
  };
}
