import { createTokenKeeper, type FlorinClient, type IssuedToken } from '@florin/client';

export type SessionState = 'unknown' | 'signed-out' | 'signed-in';

export interface Credentials {
  email: string;
  password: string;
  totp?: string | undefined;
}

export interface SessionDeps {
  /** Without a token: it is asked for one. */
  request: FlorinClient['request'];
  /** Runs one piece of work at a time, over all tabs of this browser. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  nowMs(): number;
}

export type Session = ReturnType<typeof createSession>;

/**
 * Who is signed in. The access token lives in memory alone; the refresh token lives in a cookie
 * that no script can read. Tabs share the cookie, and a refresh token works once: so that they
 * never use the same one, they take turns.
 */
export function createSession({ request, exclusively, nowMs }: SessionDeps) {
  let state: SessionState = 'unknown';
  const listeners = new Set<(state: SessionState) => void>();
  const tokens = createTokenKeeper(renew, nowMs);

  function tell(next: SessionState): void {
    const before = state;
    state = next;
    if (state !== before) for (const listener of listeners) listener(state);
  }

  function adopt(issued: IssuedToken): void {
    tokens.keep(issued);
    tell('signed-in');
  }

  function forget(): void {
    tokens.keep(undefined);
    tell('signed-out');
  }

  /** The answer without a body says that there is no cookie, or one of a session that is over. */
  async function renew(): Promise<IssuedToken | undefined> {
    const issued = await exclusively(() => request('POST /session/refresh'));
    tell(issued === undefined ? 'signed-out' : 'signed-in');
    return issued as IssuedToken | undefined;
  }

  return {
    state: (): SessionState => state,
    subscribe(listener: (state: SessionState) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** A token for the next request, or undefined when nobody is signed in. */
    token: async (refused?: string): Promise<string | undefined> =>
      state === 'signed-out' ? undefined : tokens.token(refused),
    async signIn(credentials: Credentials): Promise<void> {
      adopt((await request('POST /session/login', { body: credentials })) as IssuedToken);
    },
    /** A token that says more about this session than the one before. */
    adopt,
    async signOut(): Promise<void> {
      try {
        await exclusively(() => request('POST /session/logout'));
      } finally {
        forget();
      }
    },
    /** Another tab signed out: the cookie is gone already. */
    forget,
  };
}
