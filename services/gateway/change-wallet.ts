import { createEnvelope, LANE_TYPES } from '@florin/contracts';
import type { LaneMessage, Outcome, Wallet, WalletOpening, WalletStatus } from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import { currentTraceparent } from '@florin/runtime';
import type { Ledger } from './adapters/ledger.ts';
import type { LaneSender, OutcomeInbox } from '@florin/messaging';
import type { WalletDirectory } from './adapters/wallet-directory.ts';
import type { Admission } from './admission.ts';
import { isRefusal, overloaded, refusal, type Refusal } from './domain/refusal.ts';
import { keyReused, refuseConcurrent } from './place-transaction.ts';

/** Opening a wallet and changing its status: decided by its lane, as everything about it is. */

export interface WalletChangeDeps {
  admit: Admission;
  inbox: OutcomeInbox;
  lanes: LaneSender;
  ledger: Pick<Ledger, 'getWallets'>;
  directory: Pick<WalletDirectory, 'learn'>;
  clock: Clock;
}

export type WalletChange = { wallet: Wallet; replayed: boolean } | Refusal;

const WAIT_MS = 5_000;

const REFUSALS = {
  'not-found': 'there is no such wallet',
  'wallet-not-empty':
    'a wallet can be closed when its balance is zero, nothing is held and no deposit awaited',
  'wallet-closed': 'the wallet is closed, which is final',
  'overdraft-in-use': 'more than this is overdrawn or held already: see what is available',
  'idempotency-key-reused': keyReused.detail,
} satisfies Record<Extract<Outcome, { kind: 'wallet-refused' }>['code'], string>;

/** Undefined when the ledger was not heard in time. */
function changeOf(outcome: Outcome | undefined): WalletChange | undefined {
  switch (outcome?.kind) {
    case undefined:
      return undefined;
    case 'wallet':
      return { wallet: outcome.wallet, replayed: outcome.replayed };
    case 'wallet-refused':
      return refusal(outcome.code, REFUSALS[outcome.code]);
    case 'key-reused':
      return keyReused;
    case 'transaction':
    case 'review-refused':
    case 'bulk-refused':
    case 'adjustment':
    case 'adjustment-refused':
      throw new TypeError(`a wallet change was answered with the outcome ${outcome.kind}`);
  }
}

/** Sends one message down a wallet's lane and waits; asks the ledger when nothing was heard. */
function createChange(deps: WalletChangeDeps) {
  const { admit, inbox, lanes, ledger, directory } = deps;
  return async (
    message: LaneMessage,
    fingerprint: string,
    isDone: (wallet: Wallet) => boolean,
  ): Promise<WalletChange> => {
    const refused = refuseConcurrent(inbox, message.id, fingerprint) ?? admit(1);
    if (refused !== undefined) return refused;
    const waiting = inbox.wait(message.id, fingerprint, WAIT_MS);
    lanes.send(message);
    const change = changeOf(await waiting);
    if (change !== undefined) {
      if (!isRefusal(change)) directory.learn([change.wallet]);
      return change;
    }
    const { wallets } = await ledger.getWallets({ ids: [message.subject] });
    const [wallet] = wallets;
    if (wallet !== undefined && isDone(wallet)) return { wallet, replayed: false };
    return overloaded('the wallet’s ledger did not answer in time: please try again');
  };
}

/**
 * Opens a wallet. With an id that a client's key stands for, opening again answers the same wallet.
 */
export function createOpenWallet(deps: WalletChangeDeps) {
  const change = createChange(deps);
  return (
    opening: WalletOpening,
    fingerprint: string,
    requestId: string,
  ): Promise<WalletChange> => {
    const message = createEnvelope(LANE_TYPES.openWallet, {
      id: opening.walletId,
      source: '/gateway',
      wallet: opening.walletId,
      time: new Date(deps.clock.nowMs()).toISOString(),
      data: opening,
      correlationId: requestId,
      traceparent: currentTraceparent(),
    });
    const { ownerId, currency, name } = opening;
    return change(
      message,
      fingerprint,
      (wallet) =>
        wallet.ownerId === ownerId && wallet.currency === currency && wallet.name === name,
    );
  };
}

/** Freezes, unfreezes or closes a wallet. Asking for the status it has already changes nothing. */
export function createChangeWalletStatus(deps: WalletChangeDeps) {
  const change = createChange(deps);
  return (walletId: string, to: WalletStatus, requestId: string): Promise<WalletChange> => {
    const nowMs = deps.clock.nowMs();
    const id = uuidv7(nowMs);
    const message = createEnvelope(LANE_TYPES.changeWalletStatus, {
      id,
      source: '/gateway',
      wallet: walletId,
      time: new Date(nowMs).toISOString(),
      data: { requestId: id, walletId, to },
      correlationId: requestId,
      traceparent: currentTraceparent(),
    });
    return change(message, '', (wallet) => wallet.status === to);
  };
}

/** Sets how far below zero a wallet may go. */
export function createChangeOverdraft(deps: WalletChangeDeps) {
  const change = createChange(deps);
  return (walletId: string, limit: string, requestId: string): Promise<WalletChange> => {
    const nowMs = deps.clock.nowMs();
    const id = uuidv7(nowMs);
    const message = createEnvelope(LANE_TYPES.changeWalletOverdraft, {
      id,
      source: '/gateway',
      wallet: walletId,
      time: new Date(nowMs).toISOString(),
      data: { requestId: id, walletId, limit },
      correlationId: requestId,
      traceparent: currentTraceparent(),
    });
    return change(message, '', (wallet) => (wallet.overdraftLimit ?? '0') === limit);
  };
}

export type ChangeOverdraft = ReturnType<typeof createChangeOverdraft>;
export type OpenWallet = ReturnType<typeof createOpenWallet>;
export type ChangeWalletStatus = ReturnType<typeof createChangeWalletStatus>;
