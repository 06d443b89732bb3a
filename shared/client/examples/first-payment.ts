// node shared/client/examples/first-payment.ts [.florin/dev.json]
//
// Pays from one wallet of a local run to another, tries to pay too much, and hears of it.
import { readFileSync } from 'node:fs';
import { createFlorinClient, FlorinProblem, type Transaction } from '@florin/client';

interface LocalRun {
  gatewayUrl: string;
  oauthClient: { clientId: string; clientSecret: string };
  users: { walletIds: string[] }[];
}
const file = process.argv[2] ?? '.florin/dev.json';
const { gatewayUrl, oauthClient, users } = JSON.parse(readFileSync(file, 'utf8')) as LocalRun;
const [from, to] = users.flatMap(({ walletIds }) => walletIds);
if (from === undefined || to === undefined) throw new Error('nobody has a wallet there');

const florin = createFlorinClient({ baseUrl: gatewayUrl, credentials: oauthClient });

// What it would do, with its fee: nothing happens yet.
const body = { fromWalletId: from, toWalletId: to, amount: '1250', metadata: { order: '4711' } };
const tried = await florin.dryRun('POST /v1/transfers', { body });
console.log('would be', tried.status);

// The key names the wish: the same call again, after a crash of ours, pays nothing twice.
const idempotencyKey = `order-4711-${from}`;
const asked = await florin.call('POST /v1/transfers', { body, idempotencyKey });
const paid = await florin.settled(asked);
console.log(paid.status, paid.amount, paid.currency);
const again = await florin.call('POST /v1/transfers', { body, idempotencyKey });
console.log('again', again.id === paid.id ? 'the same payment' : 'another one');

// A refusal is a no with a stable code, and a transaction that stays refused.
try {
  const yacht = { ...body, amount: '99900000' };
  await florin.call('POST /v1/transfers', { body: yacht });
} catch (error) {
  if (!(error instanceof FlorinProblem)) throw error;
  console.log('refused', error.code);
}

// Lists are read page by page as they are asked for.
let payments = 0;
for await (const one of florin.items('GET /v1/transactions', { query: { walletId: from } })) {
  payments += one.type === 'transfer' ? 1 : 0;
}
console.log('transfers of the wallet', payments);

// Live: everything after this moment, without gaps, over any gateway.
const hearing = new AbortController();
const events = florin.events({ signal: hearing.signal });
const next = events.next();
await new Promise((resolve) => setTimeout(resolve, 500));
await florin.call('POST /v1/transfers', { body: { ...body, amount: '5' } });
const { value } = await next;
const { transaction } = (value?.data ?? {}) as { transaction?: Transaction };
console.log('heard', value?.name, transaction?.amount);
hearing.abort();
await events.return();
