import {
  openWalletBody,
  pageOf,
  walletQuery,
  walletsQuery,
  walletView,
  type WalletStatus,
} from '@florin/contracts';
import { asWalletId, uuidv7, type Clock } from '@florin/kernel';
import type { z } from 'zod';
import type { Ledger } from '../adapters/ledger.ts';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import type { ChangeWalletStatus, OpenWallet, WalletChange } from '../change-wallet.ts';
import type { ApplyKycLevel } from '../apply-kyc-level.ts';
import type { AssetTable } from '../domain/asset-table.ts';
import { mayLookIntoWalletOf, mayOpenWalletFor, type Caller } from '../domain/caller.ts';
import { fingerprintOf, walletIdOf, walletOfPurpose } from '../domain/idempotency.ts';
import { limitsOf } from '../domain/kyc-limits.ts';
import { isRefusal, refusal, walletNotFound, type Refusal } from '../domain/refusal.ts';
import type { ReadWallet } from '../read-wallet.ts';
import { route, type Answer, type Call, type Route } from '../rest/route.ts';
import { managedWallet } from './wallet-access.ts';

interface WalletRouteDeps {
  directory: WalletDirectory;
  ledger: Pick<Ledger, 'getWalletAt' | 'listWallets'>;
  readWallet: ReadWallet;
  openWallet: OpenWallet;
  changeWalletStatus: ChangeWalletStatus;
  applyKycLevel: Pick<ApplyKycLevel, 'toWallet'>;
  clock: Clock;
  assets: AssetTable;
}

type Opening = z.output<typeof openWalletBody>;

const WALLET = { description: 'The wallet', schema: walletView } as const;

/** People open wallets for themselves; machine clients for whom they name. */
function ownerOf(caller: Caller, named: string | undefined): string | Refusal {
  if (named === undefined || mayOpenWalletFor(caller, named)) return named ?? caller.id;
  return refusal('forbidden', 'people open wallets for themselves only');
}

const answerChange = (change: WalletChange, status: 200 | 201): Answer | Refusal =>
  isRefusal(change)
    ? change
    : {
        status,
        body: change.wallet,
        headers: {
          ...(status === 201 ? { location: `/v1/wallets/${change.wallet.id}` } : {}),
          ...(change.replayed && status === 201 ? { 'idempotency-replayed': 'true' } : {}),
        },
      };

async function open(
  { openWallet, applyKycLevel, assets, clock }: WalletRouteDeps,
  call: Call<'wallets:write', unknown, undefined, Opening>,
): Promise<Answer | Refusal> {
  const { caller, body, idempotencyKey: key, requestId } = call;
  const ownerId = ownerOf(caller, body.ownerId);
  if (typeof ownerId !== 'string') return ownerId;
  const { currency, purpose, name = purpose ?? currency } = body;
  if (!assets.exists(currency)) return unknownCurrency(currency);
  const walletId =
    purpose !== undefined
      ? walletOfPurpose(ownerId, currency, purpose)
      : key === ''
        ? asWalletId(uuidv7(clock.nowMs()))
        : walletIdOf(caller.id, key);
  const sought = purpose === undefined ? body : { ownerId, currency, purpose };
  const fingerprint = fingerprintOf(call.method, call.path, sought);
  // A person's wallet has limits from its first moment on; those of a higher level follow.
  const limits = caller.kind === 'user' ? { limits: limitsOf(0, currency, assets) } : {};
  const opening = {
    walletId,
    ownerId,
    name,
    currency,
    ...(purpose === undefined ? {} : { purpose }),
    ...limits,
  };
  const change = await openWallet(opening, fingerprint, requestId);
  if (!isRefusal(change)) await applyKycLevel.toWallet(change.wallet);
  // There is one of its purpose, and this is it.
  const isKnown = !isRefusal(change) && change.replayed && purpose !== undefined && key === '';
  return answerChange(change, isKnown ? 200 : 201);
}

async function readWallet(
  { ledger, readWallet: read }: WalletRouteDeps,
  caller: Caller,
  id: string,
  at: string | undefined,
): Promise<Answer | Refusal> {
  const current = await read(id);
  if (current === undefined || !mayLookIntoWalletOf(caller, current.ownerId)) {
    return walletNotFound(id);
  }
  if (at === undefined) return { status: 200, body: current.json };
  const { wallet } = await ledger.getWalletAt({ id, at });
  if (wallet !== null) return { status: 200, body: wallet };
  return refusal('not-found', `the wallet ${id} did not exist at ${at}`);
}

const unknownCurrency = (currency: string): Refusal =>
  refusal('validation-failed', `nothing is called ${currency} here: see /v1/currencies`, {
    facts: { errors: [{ pointer: '/currency', detail: 'must be a currency that exists' }] },
  });

const STATUS_CALLS = [
  ['freeze', 'frozen', 'Stop all payments of a wallet'],
  ['unfreeze', 'active', 'Let a frozen wallet pay again'],
  ['close', 'closed', 'Close an empty wallet for good'],
] as const satisfies readonly (readonly [string, WalletStatus, string])[];

const statusRoutes = (deps: WalletRouteDeps): Route[] =>
  STATUS_CALLS.map(([verb, status, summary]) =>
    route({
      method: 'POST',
      path: `/v1/wallets/:id/${verb}`,
      tag: 'Wallets',
      summary,
      access: 'wallets:write',
      answers: { 200: WALLET },
      problems: ['not-found', 'wallet-not-empty', 'wallet-closed'],
      async handle({ caller, params, requestId }) {
        const id = params.id ?? '';
        const facts = managedWallet(await deps.directory.find(id), caller, id);
        if (isRefusal(facts)) return facts;
        return answerChange(await deps.changeWalletStatus(id, status, requestId), 200);
      },
    }),
  );

export function walletRoutes(deps: WalletRouteDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/wallets/:id',
      tag: 'Wallets',
      summary: 'A wallet with its balances, now or at a time in the past',
      access: 'wallets:read',
      query: walletQuery,
      answers: { 200: WALLET },
      problems: ['not-found', 'archived'],
      handle: ({ caller, params, query }) => readWallet(deps, caller, params.id, query.at),
    }),
    route({
      method: 'GET',
      path: '/v1/wallets',
      tag: 'Wallets',
      summary: 'The caller’s wallets, newest first',
      description: 'Machine clients see all wallets.',
      access: 'wallets:read',
      query: walletsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(walletView) } },
      async handle({ caller, query: { limit, currency, cursor } }) {
        const page = await deps.ledger.listWallets({
          limit,
          ...(caller.kind === 'machine' ? {} : { ownerId: caller.id }),
          ...(currency === undefined ? {} : { currency }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/wallets',
      tag: 'Wallets',
      summary: 'Open a wallet',
      description:
        'With an Idempotency-Key, asking again answers the same wallet. With a purpose there is ' +
        'one per owner and currency: asking again, in whatever words, answers that one with 200.',
      access: 'wallets:write',
      idempotencyKey: 'optional',
      body: openWalletBody,
      answers: { 200: WALLET, 201: WALLET },
      handle: (call) => open(deps, call),
    }),
    ...statusRoutes(deps),
  ];
}
