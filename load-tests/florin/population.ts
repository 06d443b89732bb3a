import { sleep } from 'k6';
import { get, pay, post, put } from './client.ts';
import { settings } from './settings.ts';

/** What a run knows of its wallets: nobody else uses them, so that the sums can be checked. */
export interface Population {
  wallets: string[];
  /** Paid in at the start, all wallets together, in minor units. */
  funded: number;
  /** The feature flag as it was, when the run changed it. */
  fraudBefore: string;
}

export interface PopulationPlan {
  wallets: number;
  /** Per wallet, in minor units. */
  funding: number;
}

interface Wallet {
  id: string;
  balances: { posted: string; held: string; available: string };
}

interface Transaction {
  id: string;
  type: string;
  status: string;
  amount: string;
}

const WAIT_S = 0.5;
const TRIES_MAX = 240;
const BREAKS_SHOWN = 5;

const wait = (): void => sleep(WAIT_S);

function openWallet(index: number): string {
  const answer = post('/v1/wallets', { currency: 'USD', name: `load ${index}` });
  if (answer.status !== 201) throw new Error(`no wallet: ${answer.status} ${answer.body}`);
  return (answer.json() as unknown as Wallet).id;
}

function fund(walletId: string, amount: number): void {
  if (amount === 0) return;
  const body = { walletId, amount: String(amount), bankAccount: 'ok' };
  const answer = pay('/v1/deposits', body, `fund-${walletId}`);
  if (answer.status !== 201 && answer.status !== 202) {
    throw new Error(`no money: ${answer.status} ${answer.body}`);
  }
}

/** The variant before. Empty when nothing was changed. */
function setFraud(variant: string): string {
  if (variant === '') return '';
  const flags = get('/v1/admin/flags').body ?? '';
  const before = /"fraud-scoring"[^}]*?"variant":"(\w+)"/.exec(flags)?.[1] ?? 'enforce';
  if (before === variant) return '';
  const answer = put('/v1/admin/flags/fraud-scoring', { variant });
  if (answer.status >= 300) throw new Error(`no flag: ${answer.status} ${answer.body}`);
  return before;
}

export function populate({ wallets, funding }: PopulationPlan): Population {
  const fraudBefore = setFraud(settings.fraud);
  const ids = Array.from({ length: wallets }, (_, index) => openWallet(index));
  for (const id of ids) fund(id, funding);
  settle(ids);
  const funded = sumOf(ids);
  if (funding > 0 && funded !== wallets * funding) {
    throw new Error(`${funded} was paid in, not ${wallets * funding}`);
  }
  return { wallets: ids, funded, fraudBefore };
}

const walletOf = (id: string): Wallet => get(`/v1/wallets/${id}`).json() as unknown as Wallet;

const sumOf = (ids: string[]): number =>
  ids.reduce((sum, id) => sum + Number(walletOf(id).balances.posted), 0);

/** What still moves money: orders under way, and withdrawals that their bank has not paid yet. */
const UNDER_WAY = ['status=pending', 'status=held&type=withdrawal'];

function openOf(id: string): number {
  return UNDER_WAY.reduce((sum, filter) => {
    const answer = get(`/v1/transactions?walletId=${id}&${filter}&limit=1`);
    const { items } = answer.json() as unknown as { items: Transaction[] };
    return sum + items.length;
  }, 0);
}

/** Waits until every order of these wallets is final. Answers how many wallets still have one. */
function settle(ids: string[]): number {
  let open = ids;
  for (let tries = 0; tries < TRIES_MAX && open.length > 0; tries++) {
    open = open.filter((id) => openOf(id) > 0);
    if (open.length > 0) wait();
  }
  return open.length;
}

/** What came in and went out by banks since the start, as the transactions of a wallet say. */
function throughBanks(id: string): number {
  let sum = 0;
  let cursor = '';
  do {
    const path = `/v1/transactions?walletId=${id}&status=completed&limit=100${cursor}`;
    const page = get(path).json() as unknown as { items: Transaction[]; nextCursor: string | null };
    for (const { type, amount } of page.items) {
      if (type === 'deposit') sum += Number(amount);
      if (type === 'withdrawal') sum -= Number(amount);
    }
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  return sum;
}

export interface Reconciliation {
  ok: boolean;
  lines: string[];
}

/**
 * The verdict about the money: everything is final, the sum of the wallets is what banks brought and
 * took, and the ledger finds no broken invariant in all its books.
 */
export function reconcile({ wallets, fraudBefore }: Population): Reconciliation {
  const unsettled = settle(wallets);
  if (fraudBefore !== '') setFraud(fraudBefore);
  const balances = sumOf(wallets);
  const banks = wallets.reduce((sum, id) => sum + throughBanks(id), 0);
  const answer = get('/v1/admin/reconciliation');
  const { ok = false, breaks = [] } = answer.json() as unknown as {
    ok?: boolean;
    breaks?: unknown[];
  };
  const lines = [
    `wallets with an order that is not final: ${unsettled}`,
    `sum of balances ${balances}, deposits less withdrawals ${banks}`,
    `books: ${ok ? 'ok' : 'BROKEN'}, ${breaks.length} breaks`,
    ...breaks.slice(0, BREAKS_SHOWN).map((one) => JSON.stringify(one)),
  ];
  return { ok: unsettled === 0 && balances === banks && ok && breaks.length === 0, lines };
}
