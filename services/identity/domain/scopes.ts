import { SCOPES, type Role, type Scope } from '@florin/contracts';
import { ok, refuse, type Result } from '@florin/kernel';

/** The staff look at other people's things; which, and what they may do, the gateway says. */
const STAFF: readonly Scope[] = ['wallets:read', 'transactions:read', 'admin'];

/** People act through all scopes but that of the staff. */
const SCOPES_OF_ROLE = {
  user: SCOPES.filter((scope) => scope !== 'admin'),
  support: STAFF,
  'risk-analyst': [...STAFF, 'wallets:write'],
  operator: [...STAFF, 'wallets:write'],
  admin: [...STAFF, 'wallets:write'],
  auditor: STAFF,
} as const satisfies Record<Role, readonly Scope[]>;

/** In the order of SCOPES, each once. */
export function scopesOfRoles(roles: readonly Role[]): Scope[] {
  const scopes = new Set(roles.flatMap((role): readonly Scope[] => SCOPES_OF_ROLE[role]));
  return SCOPES.filter((scope) => scopes.has(scope));
}

/**
 * What a machine gets: the scopes it asks for (separated by spaces, RFC 6749 §3.3), each of which
 * it must be allowed, or all it is allowed when it asks for none.
 */
export function grantScopes(
  asked: string | undefined,
  allowed: readonly Scope[],
): Result<Scope[], 'invalid-scope'> {
  const words = new Set(asked?.split(' ').filter((word) => word !== ''));
  if (words.size === 0) return ok([...allowed]);
  const granted = allowed.filter((scope) => words.has(scope));
  return granted.length === words.size ? ok(granted) : refuse('invalid-scope');
}
