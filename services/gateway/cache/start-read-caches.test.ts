import type { Outcome } from '@florin/contracts';
import { createLogger, createMetrics } from '@florin/runtime';
import { expect, test } from 'vitest';
import type { Identity } from '../adapters/identity.ts';
import { startReadCaches } from './start-read-caches.ts';

/** Hunts changes after which somebody is shown what was before. */

const log = createLogger('test', 'silent');
const ANA = 'ana';

function start(readCache: 'off' | 'own' | 'shared' = 'own') {
  return startReadCaches({
    bus: { connected: () => true, onConnectionChange: () => () => undefined } as never,
    feed: { follow: async () => ({ stop: () => undefined }) } as never,
    readCache,
    redisUrl: undefined,
    log,
    metrics: createMetrics('test'),
  });
}

type Caches = ReturnType<typeof start>;

/** Whether a thing was remembered from the last read. */
async function keeps(cache: Caches['wallets'], id: string): Promise<boolean> {
  let kept = true;
  await cache.read(id, async () => {
    kept = false;
    return 'x';
  });
  return kept;
}

async function warm(cache: Caches['wallets'], ids: readonly string[]): Promise<void> {
  // The first read begins to listen: nothing is kept before that.
  for (const id of [...ids, ...ids]) await keeps(cache, id);
  for (const id of ids) expect(await keeps(cache, id)).toBe(true);
}

const transaction = { walletId: 'a', counterpartyWalletId: 'b' };

test('what was decided is over for both sides, and for nobody else', async () => {
  const caches = start();
  await warm(caches.wallets, ['a', 'b', 'c', 'd']);
  await caches.forgetDecided([
    { kind: 'transaction', requestId: 't', transaction, replayed: false } as Outcome,
    { kind: 'wallet', requestId: 'w', wallet: { id: 'c' }, replayed: false } as Outcome,
    { kind: 'key-reused', requestId: 'd' },
  ]);
  const kept = await Promise.all(['a', 'b', 'c', 'd'].map((id) => keeps(caches.wallets, id)));
  expect(kept).toEqual([false, false, false, true]);
  caches.close();
});

test('whoever hears of a transaction reads what is after it', async () => {
  const caches = start();
  await warm(caches.wallets, ['a', 'b']);
  const ledger = caches.watchLedger({ getTransaction: async () => ({ transaction }) } as never);
  await ledger.getTransaction({ id: 't' });
  expect(await keeps(caches.wallets, 'a')).toBe(false);
  caches.close();
});

const CHANGES: [string, (identity: Identity) => Promise<unknown>][] = [
  ['a name', (identity) => identity.updateProfile({ userId: ANA, name: 'Ana' })],
  ['roles', (identity) => identity.setRoles({ userId: ANA, roles: ['user'] })],
  ['a letter', (identity) => identity.verifyEmail({ token: 't' })],
  ['erasure', (identity) => identity.eraseUser({ userId: ANA, sessionId: 's' })],
  ['2FA off', (identity) => identity.disableTwoFactor({ userId: ANA, sessionId: 's' })],
];
test.each(CHANGES)('a profile is over after %s, even if nobody answers', async (_, change) => {
  for (const fails of [false, true]) {
    const caches = start();
    await warm(caches.profiles, [ANA]);
    const answering = new Proxy(
      { verifyEmail: undefined },
      {
        get: (_target, name) => async () => {
          if (fails && name !== 'verifyEmail') throw new Error('no answer');
          return { ok: true, userId: ANA };
        },
      },
    );
    await change(caches.watchIdentity(answering as never)).catch(() => undefined);
    expect(await keeps(caches.profiles, ANA)).toBe(false);
    caches.close();
  }
});

test('nothing is kept where it is off, and shared needs to know where', async () => {
  const caches = start('off');
  for (let nth = 0; nth < 3; nth++) expect(await keeps(caches.wallets, 'a')).toBe(false);
  caches.close();
  expect(() => start('shared')).toThrow('REDIS_URL');
});
