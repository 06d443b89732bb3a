import { randomUUID } from 'node:crypto';

/** What the provider of links tells of an account that somebody has proven to be theirs. */
export interface LinkableAccount {
  institution: string;
  name: string;
  mask: string;
  /** What banks know it by. */
  reference: Readonly<Record<string, string>>;
}

interface Session {
  expiresAtMs: number;
  proven?: { publicToken: string; account: LinkableAccount; spent: boolean };
}

/** A page for linking stays open so long. */
export const SESSION_MS = 30 * 60_000;
const SESSIONS_MAX = 10_000;

/**
 * What a provider of links remembers: its pages, what was proven in them, and where it may look.
 * A public token is good once, and only with the link token of its own page.
 */
export function createLinkSessions(nowMs: () => number) {
  const sessions = new Map<string, Session>();
  const items = new Set<string>();

  const current = (linkToken: string): Session | undefined => {
    const session = sessions.get(linkToken);
    return session !== undefined && session.expiresAtMs > nowMs() ? session : undefined;
  };

  return {
    open(): { linkToken: string; expiresAtMs: number } {
      const [oldest] = sessions.keys();
      if (sessions.size >= SESSIONS_MAX && oldest !== undefined) sessions.delete(oldest);
      const linkToken = `link-${randomUUID()}`;
      const expiresAtMs = nowMs() + SESSION_MS;
      sessions.set(linkToken, { expiresAtMs });
      return { linkToken, expiresAtMs };
    },
    /** What a person does in the page. Undefined when it is not open any more. */
    prove(linkToken: string, account: LinkableAccount): string | undefined {
      const session = current(linkToken);
      if (session === undefined || session.proven !== undefined) return undefined;
      const publicToken = `public-${randomUUID()}`;
      session.proven = { publicToken, account, spent: false };
      return publicToken;
    },
    exchange(
      linkToken: string,
      publicToken: string,
    ): { accessToken: string; account: LinkableAccount } | undefined {
      const { proven } = current(linkToken) ?? {};
      if (proven === undefined || proven.spent || proven.publicToken !== publicToken)
        return undefined;
      proven.spent = true;
      const accessToken = `access-${randomUUID()}`;
      items.add(accessToken);
      return { accessToken, account: proven.account };
    },
    remove: (accessToken: string): boolean => items.delete(accessToken),
    count: (): number => items.size,
  };
}

export type LinkSessions = ReturnType<typeof createLinkSessions>;
