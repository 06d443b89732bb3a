import type { Role, Scope, User } from '@florin/contracts';
import type { MachineClient, Plan } from './machine-client.ts';
import { scopesOfRoles } from './scopes.ts';

/**
 * Nobody asks identity whether an access token still holds, so it is valid to its end even when its
 * session is over. Fifteen minutes bound that.
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
  /** The name a machine signs in with. */
  client_id?: string;
  /** Only machines have one. */
  plan?: Plan;
}

export const claimsOfUser = (user: User): Claims => ({
  sub: user.id,
  kind: 'user',
  roles: user.roles,
  scope: scopesOfRoles(user.roles).join(' '),
});

export const claimsOfMachine = (client: MachineClient, scopes: readonly Scope[]): Claims => ({
  sub: client.id,
  kind: 'machine',
  roles: [],
  scope: scopes.join(' '),
  client_id: client.clientId,
  plan: client.plan,
});
