import { problemFrom, Unreachable } from './api-problem.ts';

export type SessionState = 'unknown' | 'signed-out' | 'signed-in';

export interface Credentials {
  email: string;
  password: string;
  totp?: string | undefined;
}

export interface SessionDeps {
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** Runs one piece of work at a time, over all tabs of this browser. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  nowMs(): number;
}

interface Held {
  token: string;
  untilMs: number;
}

/** A token that ends within this time is replaced before it is used. */
const RENEW_BEFORE_MS = 20_000;

export type Session = ReturnType<typeof createSession>;

/**
 * Who is signed in. The access token lives in this closure alone; the refresh token lives in a
 * cookie that no script can read. Tabs share the cookie, and a refresh token works once: so that
 * they never use the same one, they take turns.
 */
export function createSession({ fetch, exclusively, nowMs }: SessionDeps) {
  let held: Held | undefined;
  let state: SessionState = 'unknown';
  let renewing: Promise<string | undefined> | undefined;
  const listeners = new Set<(state: SessionState) => void>();

  function change(next: Held | undefined): void {
    held = next;
    const before = state;
    state = next ? 'signed-in' : 'signed-out';
    if (state !== before) for (const listener of listeners) listener(state);
  }

  async function post(path: string, body?: unknown): Promise<Response> {
    const init: RequestInit = { method: 'POST', credentials: 'same-origin' };
    if (body !== undefined) {
      init.headers = { 'content-type': 'application/json' };
      init.body = JSON.stringify(body);
    }
    try {
      return await fetch(path, init);
    } catch (error) {
      throw new Unreachable('no answer', { cause: error });
    }
  }

  async function take(response: Response): Promise<string> {
    const { accessToken, expiresIn } = (await response.json()) as {
      accessToken: string;
      expiresIn: number;
    };
    change({ token: accessToken, untilMs: nowMs() + expiresIn * 1000 });
    return accessToken;
  }

  async function renew(): Promise<string | undefined> {
    const response = await exclusively(() => post('/session/refresh'));
    if (response.status === 204) {
      change(undefined);
      return undefined;
    }
    if (!response.ok) throw await problemFrom(response);
    return take(response);
  }

  /** However many ask at once, one request goes out. */
  const renewOnce = (): Promise<string | undefined> =>
    (renewing ??= renew().finally(() => (renewing = undefined)));

  return {
    state: (): SessionState => state,
    subscribe(listener: (state: SessionState) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** A token for the next request, or undefined when nobody is signed in. */
    async token(): Promise<string | undefined> {
      if (state === 'signed-out') return undefined;
      if (held && held.untilMs - nowMs() > RENEW_BEFORE_MS) return held.token;
      return renewOnce();
    },
    /** After the API refused this token: another one, or undefined when the session is over. */
    async replace(refused: string): Promise<string | undefined> {
      if (held && held.token !== refused) return held.token;
      return renewOnce();
    },
    async signIn(credentials: Credentials): Promise<void> {
      const response = await post('/session/login', credentials);
      if (!response.ok) throw await problemFrom(response);
      await take(response);
    },
    /** A token that says more about this session than the one before. */
    adopt({ accessToken, expiresIn }: { accessToken: string; expiresIn: number }): void {
      change({ token: accessToken, untilMs: nowMs() + expiresIn * 1000 });
    },
    async signOut(): Promise<void> {
      try {
        await exclusively(() => post('/session/logout'));
      } finally {
        change(undefined);
      }
    },
    /** Another tab signed out: the cookie is gone already. */
    forget: (): void => change(undefined),
  };
}
