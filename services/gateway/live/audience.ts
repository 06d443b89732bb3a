import { EVENT_TYPES } from '@florin/contracts';
import type { ToldEvent } from './told-event.ts';

/** Somebody who wants to hear about wallets: those of one owner, or all there are. */
export interface Listener {
  readonly ownerId: string | undefined;
  /** The owner's. New ones are added as they are opened. */
  readonly walletIds: Set<string>;
}

/** Whether an event concerns a listener. A wallet that was just opened for them is theirs too. */
export function concerns(listener: Listener, { event, walletIds }: ToldEvent): boolean {
  if (listener.ownerId === undefined) return true;
  if (event.type === EVENT_TYPES['wallet-opened']) {
    const { id, ownerId } = event.data.wallet;
    if (ownerId === listener.ownerId) listener.walletIds.add(id);
  }
  return walletIds.some((id) => listener.walletIds.has(id));
}

export interface Audience<L extends Listener> {
  add(listener: L): void;
  remove(listener: L): void;
  /** Those whom an event concerns: found by its wallets, not by asking everybody. */
  of(told: ToldEvent): Set<L>;
  all(): Iterable<L>;
  readonly size: number;
}

export function createAudience<L extends Listener>(): Audience<L> {
  const all = new Set<L>();
  const ofEverything = new Set<L>();
  const byWallet = new Map<string, Set<L>>();
  const byOwner = new Map<string, Set<L>>();

  function enter(index: Map<string, Set<L>>, key: string, listener: L): void {
    const listeners = index.get(key);
    if (listeners) listeners.add(listener);
    else index.set(key, new Set([listener]));
  }

  function leave(index: Map<string, Set<L>>, key: string, listener: L): void {
    const listeners = index.get(key);
    listeners?.delete(listener);
    if (listeners?.size === 0) index.delete(key);
  }

  function learn({ event }: ToldEvent): void {
    if (event.type !== EVENT_TYPES['wallet-opened']) return;
    const { id, ownerId } = event.data.wallet;
    for (const listener of byOwner.get(ownerId) ?? []) {
      listener.walletIds.add(id);
      enter(byWallet, id, listener);
    }
  }

  return {
    add(listener) {
      all.add(listener);
      if (listener.ownerId === undefined) ofEverything.add(listener);
      else enter(byOwner, listener.ownerId, listener);
      for (const id of listener.walletIds) enter(byWallet, id, listener);
    },
    remove(listener) {
      all.delete(listener);
      ofEverything.delete(listener);
      if (listener.ownerId !== undefined) leave(byOwner, listener.ownerId, listener);
      for (const id of listener.walletIds) leave(byWallet, id, listener);
    },
    of(told) {
      learn(told);
      const concerned = new Set(ofEverything);
      for (const id of told.walletIds) {
        for (const listener of byWallet.get(id) ?? []) concerned.add(listener);
      }
      return concerned;
    },
    all: () => all.values(),
    get size() {
      return all.size;
    },
  };
}
