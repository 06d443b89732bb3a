import { isRefusal, refusal, type Refusal } from './refusal.ts';
import type { Caller } from './caller.ts';

export interface OwnSession {
  userId: string;
  sessionId: string;
}

/** Where the caller signed in. Tokens of before sessions were named have none. */
export const sessionOf = ({ id, session }: Caller): OwnSession | Refusal =>
  session === undefined
    ? refusal('unauthenticated', 'please sign in again')
    : { userId: id, sessionId: session.id };

/** Does something within the caller's session. */
export function inSession<T extends object>(
  caller: Caller,
  work: (session: OwnSession) => Promise<T>,
): Promise<T | Refusal> {
  const session = sessionOf(caller);
  return isRefusal(session) ? Promise.resolve(session) : work(session);
}
