import type { Factor, Role, Scope } from '@florin/contracts';
import type { MachineClient, Plan } from './machine-client.ts';
import { scopesOfRoles } from './scopes.ts';

/**
 * An access token is checked without asking identity, so it is short-lived. Fifteen minutes bound
 * what is not heard of sooner (gateways follow the sessions that end before their time).
 */
export const ACCESS_TOKEN_SECONDS = 900;

export const AUDIENCE = 'florin';

/** What a token says about its bearer. Names as in RFC 9068 where it has one. */
export interface Claims {
  /** The user's id, or the machine client's. */
  sub: string;
  kind: 'user' | 'machine';
  roles: Role[];
  /** Separated by spaces. */
  scope: string;
  /** The name a machine signs in with, or that of the third party a user lets act. */
  client_id?: string;
  /** How much the bearer may call, where that is not what everybody may. */
  plan?: Plan | 'premium';
  /** The session it belongs to, and when and how its user last proved to be who (RFC 8176). */
  sid?: string;
  auth_time?: number;
  amr?: string[];
}

/** A session as far as its tokens tell of it. */
export interface SessionFacts {
  id: string;
  factors: readonly Factor[];
  authenticatedAt: Date;
  /** Where a third party acts for the user: its name, and what it may do. */
  party?: { clientId: string; scopes: readonly Scope[] } | undefined;
}

export interface TokenUser {
  id: string;
  roles: Role[];
  kycLevel: number;
  /** Whose e-mail has to be verified first, and is not, may look but not pay. */
  mayWrite: boolean;
}

const METHODS: Record<Factor, string> = { password: 'pwd', totp: 'otp', 'recovery-code': 'otp' };

export const isReadScope = (scope: Scope): boolean => scope.endsWith(':read');

export function claimsOfUser(user: TokenUser, session: SessionFacts): Claims {
  const { party } = session;
  const own = scopesOfRoles(user.roles).filter((scope) => user.mayWrite || isReadScope(scope));
  const scopes = party === undefined ? own : own.filter((scope) => party.scopes.includes(scope));
  return {
    sub: user.id,
    kind: 'user',
    // A third party acts within its scopes; what its user is beyond them is none of its business.
    roles: party === undefined ? user.roles : [],
    scope: scopes.join(' '),
    ...(party === undefined ? {} : { client_id: party.clientId }),
    // Who is known by document and address is trusted with more calls, as with more money.
    ...(user.kycLevel >= 2 && { plan: 'premium' as const }),
    sid: session.id,
    auth_time: Math.floor(session.authenticatedAt.getTime() / 1000),
    amr: session.factors.map((factor) => METHODS[factor]),
  };
}

export const claimsOfMachine = (client: MachineClient, scopes: readonly Scope[]): Claims => ({
  sub: client.id,
  kind: 'machine',
  roles: [],
  scope: scopes.join(' '),
  client_id: client.clientId,
  plan: client.plan,
});
