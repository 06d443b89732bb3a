export interface TokenSource {
  /**
   * The token for the next request; undefined while nobody is signed in.
   * @param refused the token that was just answered with 401: another one is wanted
   */
  token(refused?: string): Promise<string | undefined>;
}

/** As an answer to signing in or refreshing tells it. */
export interface IssuedToken {
  readonly accessToken: string;
  /** In seconds. */
  readonly expiresIn: number;
}

export interface TokenKeeper extends TokenSource {
  /** One that came another way, because somebody signed in; undefined: there is none any more. */
  keep(issued: IssuedToken | undefined): void;
}

/** So long before its end a token is not used any more, or half its life when that is less. */
const EARLY_MS = 30_000;

/**
 * Keeps a token in memory for as long as it is good, and asks for another one before it ends or
 * when it was refused. However many calls need one at the same time, it is asked for once: what
 * renews tokens often works one time only.
 * @param issue undefined when there is none to be had
 */
export function createTokenKeeper(
  issue: () => Promise<IssuedToken | undefined>,
  nowMs: () => number = Date.now,
): TokenKeeper {
  let held: { token: string; goodUntilMs: number } | undefined;
  let asking: Promise<string | undefined> | undefined;

  function keep(issued: IssuedToken | undefined): void {
    const lifeMs = (issued?.expiresIn ?? 0) * 1000;
    held = issued && {
      token: issued.accessToken,
      goodUntilMs: nowMs() + lifeMs - Math.min(EARLY_MS, lifeMs / 2),
    };
  }

  async function renew(): Promise<string | undefined> {
    const issued = await issue();
    keep(issued);
    return issued?.accessToken;
  }

  return {
    keep,
    async token(refused) {
      if (held && held.token !== refused && held.goodUntilMs > nowMs()) return held.token;
      return (asking ??= renew().finally(() => (asking = undefined)));
    },
  };
}
