import type { Scope } from '@florin/contracts';
import type { ClientId } from '@florin/kernel';

/** Whoever a verified access token speaks for. */
export interface Caller {
  /** Id of the user or of the machine client: owner of wallets and scope of idempotency keys. */
  id: ClientId;
  kind: 'user' | 'machine';
  scopes: ReadonlySet<Scope>;
}

/** What a call needs: nothing, a person behind it, or a token with that scope. */
export type Access = 'public' | 'person' | Scope;

export const isOperator = (caller: Caller): boolean =>
  caller.kind === 'user' && caller.scopes.has('admin');

/** People move only their own money, operators too. Machines act on every wallet. */
export const mayMoveMoneyOf = (caller: Caller, ownerId: string): boolean =>
  caller.kind === 'machine' || caller.id === ownerId;

/** Operators look at every wallet and change its status. */
export const mayManageWalletOf = (caller: Caller, ownerId: string): boolean =>
  mayMoveMoneyOf(caller, ownerId) || isOperator(caller);

/** Why the call is not allowed, in words for the caller, or undefined when it is. */
export function missingPermission(access: Access, caller: Caller): string | undefined {
  if (access === 'public') return undefined;
  if (access === 'person') {
    return caller.kind === 'user' ? undefined : 'this is for people, not for machine clients';
  }
  return caller.scopes.has(access) ? undefined : `the access token lacks the scope ${access}`;
}
