import {
  createEnvelope,
  IDENTITY_EVENT_TYPES,
  identityEventSubject,
  LINKING_REQUESTS,
  NO_LANE,
  type LinkedAccount,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createPublisher, createSigner, request } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccountLinker } from '../adapters/account-linker.ts';
import { createForgetAccounts } from '../forget-accounts.ts';
import { startBanking, type BankingProcess } from './banking-process.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

let around: Surroundings;
let banking: BankingProcess;

beforeAll(async () => {
  around = await createSurroundings('banking_links');
  banking = await startBanking(around.environment);
});

afterAll(async () => {
  expect(await banking?.stop()).toBe(0);
  await around?.[Symbol.asyncDispose]();
});

const { createLinkToken, linkAccount, getLinkedAccount } = LINKING_REQUESTS;
const { listLinkedAccounts, removeLinkedAccount } = LINKING_REQUESTS;

async function tokenOf(ownerId: string, bank = 'ok'): Promise<string> {
  const given = await request(around.bus, createLinkToken, { ownerId, bank });
  if (!given.ok) throw new Error(given.code);
  return given.linkToken;
}

async function link(ownerId: string, account: Record<string, unknown> = {}) {
  const linkToken = await tokenOf(ownerId);
  const publicToken = await around.simulator.prove(linkToken, account);
  const tokens = { ownerId, linkToken, publicToken };
  const linked = await request(around.bus, linkAccount, tokens);
  if (!linked.ok) throw new Error(linked.code);
  return { tokens, account: linked.account };
}

const outcomeOf = async (bankAccount: string, type: 'deposit' | 'withdrawal' = 'deposit') => {
  const id = await around.ledger.begin(type, bankAccount);
  const settlement = await eventually(() => around.ledger.settlementsOf(id)[0] ?? false);
  return { id, outcome: settlement.outcome };
};

const ask = (account: LinkedAccount, ownerId: string) =>
  request(around.bus, getLinkedAccount, { ownerId, id: account.id });

describe('hunts a linked account that pays for somebody else', () => {
  test('it pays into wallets of its owner, as what its bank knows it by', async () => {
    const { account } = await link(around.ledger.owner, { reference: { account: 'DE-42' } });
    const { id, outcome } = await outcomeOf(account.bankAccount);
    expect(outcome).toBe('completed');
    const { payments } = await around.simulator.statement('ok');
    const paid = payments.find(({ idempotencyKey }) => idempotencyKey === id);
    expect(paid).toMatchObject({ account: 'DE-42' });
  });

  test('others can neither pay with it, nor see, remove or bring it back', async () => {
    const stranger = uuidv7();
    const { account, tokens } = await link(stranger);
    const { id, outcome } = await outcomeOf(account.bankAccount, 'withdrawal');
    expect(outcome).toBe('failed');
    const { payments } = await around.simulator.statement('ok');
    expect(payments.some(({ idempotencyKey }) => idempotencyKey === id)).toBe(false);

    const { owner: ownerId } = around.ledger;
    expect(await ask(account, ownerId)).toEqual({ account: null });
    const removal = { ownerId, id: account.id };
    expect(await request(around.bus, removeLinkedAccount, removal)).toEqual({ removed: false });
    const stolen = await request(around.bus, linkAccount, { ...tokens, ownerId });
    expect(stolen).toEqual({ ok: false, code: 'invalid-token' });
    expect(await ask(account, stranger)).toEqual({ account });
  });

  test('an id that was never linked is declined', async () => {
    expect(await outcomeOf(`ok:${uuidv7()}`)).toMatchObject({ outcome: 'failed' });
  });
});

describe('hunts tokens that are good for more than one link of one person', () => {
  test('the same tokens again answer the same account; others are refused', async () => {
    const ownerId = uuidv7();
    const { account, tokens } = await link(ownerId);
    const again = await request(around.bus, linkAccount, tokens);
    expect(again).toEqual({ ok: true, account });
    const wrong = [
      { ...tokens, publicToken: 'public-made-up' },
      { ...tokens, linkToken: 'link-made-up', publicToken: 'public-made-up' },
      { ...tokens, linkToken: await tokenOf(ownerId), publicToken: 'public-of-another-page' },
    ];
    for (const one of wrong) {
      const refused = await request(around.bus, linkAccount, one);
      expect(refused).toEqual({ ok: false, code: 'invalid-token' });
    }
  });

  test('a bank that nobody knows', async () => {
    const asked = { ownerId: uuidv7(), bank: 'nowhere' };
    const refused = await request(around.bus, createLinkToken, asked);
    expect(refused).toEqual({ ok: false, code: 'not-found' });
  });

  test('twenty accounts are enough, and are listed page by page', async () => {
    const ownerId = uuidv7();
    for (let nth = 0; nth < 20; nth++) await link(ownerId, { name: `account ${nth}` });
    await expect(link(ownerId)).rejects.toThrow('limit-exceeded');
    const first = await request(around.bus, listLinkedAccounts, { ownerId, limit: 15 });
    const cursor = first.nextCursor ?? '';
    const rest = await request(around.bus, listLinkedAccounts, { ownerId, limit: 15, cursor });
    const names = [...first.items, ...rest.items].map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: 20 }, (_, nth) => `account ${19 - nth}`));
    expect(rest.nextCursor).toBeNull();
  });
});

describe('hunts accounts that are kept after they were given up', () => {
  /** What is left of an account. */
  const rowOf = async ({ id }: LinkedAccount) => {
    const columns = 'mask, sealed, removed_at IS NOT NULL AS removed';
    const { rows } = await around.database.hot.query<Record<string, unknown>>(
      `SELECT ${columns} FROM linked_accounts WHERE id = $1`,
      [id],
    );
    return rows[0];
  };
  const forget = (afterMs: number) => {
    const { LINKING_URL: url = '', SECRETS_KEY: key = '' } = around.environment;
    return createForgetAccounts({
      db: around.database.slonik,
      linker: createAccountLinker({ url, secret: undefined, requestTimeoutMs: 2_000 }),
      key: Buffer.from(key, 'base64url'),
      log: createLogger('links', 'silent'),
      afterMs,
    })();
  };

  test('what the bank knows it by lies sealed, and goes with its last payment', async () => {
    const { owner: ownerId } = around.ledger;
    const { account } = await link(ownerId, { reference: { account: 'secret-iban' } });
    const { sealed } = (await rowOf(account)) as { sealed: Buffer };
    expect(sealed.includes('secret-iban')).toBe(false);

    const links = await around.simulator.links();
    const removal = { ownerId, id: account.id };
    expect(await request(around.bus, removeLinkedAccount, removal)).toEqual({ removed: true });
    expect(await ask(account, ownerId)).toEqual({ account: null });
    expect(await outcomeOf(account.bankAccount)).toMatchObject({ outcome: 'failed' });

    await around.database.hot.query(
      `INSERT INTO payments (transaction_id, kind, bank, account, amount, currency, wallet_id,
                             state, due_at)
       VALUES ($1, 'payout', 'ok', $2, 1, 'EUR', $1, 'unknown', 'infinity')`,
      [uuidv7(), account.id],
    );
    await forget(0);
    expect(await rowOf(account)).toMatchObject({ mask: '6789', sealed });
    await around.database.hot.query("UPDATE payments SET state = 'done' WHERE account = $1", [
      account.id,
    ]);
    await forget(60_000);
    expect(await rowOf(account)).toMatchObject({ sealed });
    await forget(0);
    expect(await rowOf(account)).toEqual({ mask: '', sealed: null, removed: true });
    expect(await around.simulator.links()).toBe(links - 1);
  });

  test('who is erased has none left', async () => {
    const userId = uuidv7();
    const { account } = await link(userId);
    const [kid = '', key = ''] = Object.entries(around.keys['identity'] ?? {})[0] ?? [];
    const publisher = createPublisher(around.bus, { signer: createSigner({ kid, key }) });
    const type = IDENTITY_EVENT_TYPES['user-erased'];
    const body = JSON.stringify([
      createEnvelope(type, {
        id: uuidv7(),
        source: 'florin/identity',
        wallet: userId,
        time: new Date().toISOString(),
        data: { userId },
      }),
    ]);
    const subject = identityEventSubject('user-erased');
    await publisher.publish({ subject, body, id: uuidv7(), type, ...NO_LANE });
    await eventually(async () => (await rowOf(account))?.['removed'] === true);
    publisher.close();
  });
});
