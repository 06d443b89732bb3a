import type { Role, Scope } from '@florin/contracts';
import type { ClientId } from '@florin/kernel';
import {
  CHANGES_WALLETS,
  GIVES_BACK,
  LOOKS_INTO_WALLETS,
  OPENS_WALLETS,
  maySupervise,
  type StaffRole,
} from './staff-access.ts';

export const PLANS = ['standard', 'premium', 'unlimited'] as const;
export type Plan = (typeof PLANS)[number];

/** Whoever a verified access token speaks for. */
export interface Caller {
  /** Id of the user or of the machine client: owner of wallets and scope of idempotency keys. */
  id: ClientId;
  kind: 'user' | 'machine';
  scopes: ReadonlySet<Scope>;
  /** Machines have none: they act within their scopes. */
  roles: ReadonlySet<Role>;
  /** How much they may call; `standard` unless it is said. */
  plan?: Plan | undefined;
  /** Of people: where they signed in, and when they last proved who they are. */
  session?: { id: string; provenAtMs: number } | undefined;
  /** The application that acts for a person, within its scopes. */
  application?: string | undefined;
}

/**
 * What a call needs: nothing, a person behind it, or a token with that scope. Where the staff does
 * for others what people do for themselves, one of two.
 */
export type Access = 'public' | 'person' | Scope | 'transactions:write|admin';

const isOneOf = (caller: Caller, roles: readonly StaffRole[]): boolean =>
  caller.kind === 'user' &&
  caller.scopes.has('admin') &&
  roles.some((one) => caller.roles.has(one));

/** People move only their own money, whatever their role. Machines act on every wallet. */
export const mayMoveMoneyOf = (caller: Caller, ownerId: string): boolean =>
  caller.kind === 'machine' || caller.id === ownerId;

/** The staff look into every wallet. */
export const mayLookIntoWalletOf = (caller: Caller, ownerId: string): boolean =>
  mayMoveMoneyOf(caller, ownerId) || isOneOf(caller, LOOKS_INTO_WALLETS);

export const mayLookIntoEverything = (caller: Caller): boolean =>
  caller.kind === 'machine' || isOneOf(caller, LOOKS_INTO_WALLETS);

/** Some of the staff also freeze and close them. */
export const mayManageWalletOf = (caller: Caller, ownerId: string): boolean =>
  mayMoveMoneyOf(caller, ownerId) || isOneOf(caller, CHANGES_WALLETS);

export const mayOpenWalletFor = (caller: Caller, ownerId: string): boolean =>
  mayMoveMoneyOf(caller, ownerId) || isOneOf(caller, OPENS_WALLETS);

/** What was paid into somebody's wallet may go back by their will, and by that of operators. */
export const mayGiveBackFrom = (caller: Caller, ownerId: string): boolean =>
  (caller.scopes.has('transactions:write') && mayMoveMoneyOf(caller, ownerId)) ||
  isOneOf(caller, GIVES_BACK);

/** A bank wants a deposit back: operators say so, and machines that act for them. */
export const mayChargeBack = (caller: Caller): boolean =>
  caller.kind === 'machine' ? caller.scopes.has('admin') : isOneOf(caller, GIVES_BACK);

/** Whether it is as one of the staff that somebody acts on a wallet. */
export const actsAsStaff = (caller: Caller, ownerId: string): boolean =>
  !mayMoveMoneyOf(caller, ownerId) && isOneOf(caller, GIVES_BACK);

/**
 * Why the call is not allowed, in words for the caller, or undefined when it is.
 * @param route method and path template, as in `GET /v1/admin/wallets`
 */
export function missingPermission(
  access: Access,
  route: string,
  caller: Caller,
): string | undefined {
  if (access === 'public') return undefined;
  if (access === 'person') {
    if (caller.kind !== 'user') return 'this is for people, not for machine clients';
    return caller.application === undefined ? undefined : 'this is not for applications';
  }
  if (access === 'transactions:write|admin') {
    const asOwner = missingPermission('transactions:write', route, caller);
    return asOwner === undefined ? undefined : missingPermission('admin', route, caller) && asOwner;
  }
  if (!caller.scopes.has(access)) return `the access token lacks the scope ${access}`;
  if (access !== 'admin' || caller.kind === 'machine' || maySupervise(caller.roles, route)) {
    return undefined;
  }
  return 'this is not for your role';
}
