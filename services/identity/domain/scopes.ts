import { SCOPES, type Role, type Scope } from '@florin/contracts';
import { ok, refuse, type Result } from '@florin/kernel';

/** People act through all scopes but the operators' own. */
const OWN_SCOPES = SCOPES.filter((scope) => scope !== 'admin');

export const scopesOfRoles = (roles: readonly Role[]): Scope[] =>
  roles.includes('operator') ? [...OWN_SCOPES, 'admin'] : OWN_SCOPES;

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
