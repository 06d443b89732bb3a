import { eventually } from '@florin/testing';
import type { DemoUser } from '../platform/demo-data.ts';
import type { DevFile } from '../platform/dev-file.ts';
import type { RestClient } from '../platform/rest-client.ts';
import { makeColleague, signedIn } from './colleague.ts';
import { setScoring } from './set-scoring.ts';

interface Transaction {
  id: string;
  status: string;
}

/** What Ana's life looks like: money in, money out, and what did not go well. */
const rent = { amount: '78000', description: 'Rent and deposit' };
const SPENDING: [cents: string, note: string][] = [
  ['1250', 'Lunch at the market'],
  ['3990', 'Concert tickets'],
  ['640', 'Coffee for two'],
  ['8900', 'Train to Basel'],
  ['2175', 'Birthday flowers'],
  ['1499', 'Book club'],
];

const personOf = (dev: DevFile, name: string): DemoUser =>
  dev.users.find(({ email }) => email.startsWith(name)) as DemoUser;

async function openFunded(client: RestClient, currency: string, name: string, amount: string) {
  const opened = await client.post('/v1/wallets', { currency, name }, `demo-${currency}`);
  const { id } = client.expect<{ id: string }>(opened, 201);
  const body = { walletId: id, amount, bankAccount: 'ok' };
  await eventually(async () => {
    const answer = await client.post('/v1/deposits', body, `demo-fund-${id}`);
    const { status } = client.expect<Transaction>(answer, 200, 201, 202);
    if (status !== 'completed') throw new Error(`the deposit is ${status}`);
  });
  return id;
}

/** The first of these payments that the scorer sends to a person. */
async function standOut(payments: (() => Promise<Transaction>)[]): Promise<string> {
  for (const pay of payments) {
    const { id, status } = await pay();
    if (status === 'held') return id;
  }
  throw new Error('the scorer found nothing strange in any of these payments');
}

/** What they have asked each other for, planned, and may earn. */
async function planAhead(dev: DevFile, ana: RestClient, ben: RestClient): Promise<void> {
  const [anas, bens] = [personOf(dev, 'ana'), personOf(dev, 'ben')];
  const [from, to] = [anas.walletIds[0], bens.walletIds[0]];
  const operator = await signedIn(dev, personOf(dev, 'operator'));
  const rule = {
    name: 'Back to school',
    currency: 'USD',
    terms: { kind: 'cashback', basisPoints: 150 },
    validUntil: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    budget: '100000',
  };
  const streak = {
    ...rule,
    name: 'Seven days in a row',
    terms: {
      kind: 'streak',
      reward: '500',
      pointsPerDay: 10,
      pointsPerDayMax: 70,
      pointsPerReward: 280,
    },
  };
  await operator.post('/v1/admin/reward-rules', rule, 'demo-cashback');
  await operator.post('/v1/admin/reward-rules', streak, 'demo-streak');
  const share = { amount: '1450', description: 'Half of the pizza' };
  const asked = { ...share, fromEmail: anas.email, toWalletId: to };
  await ben.post('/v1/payment-requests', asked, 'demo-pizza');
  const tickets = { amount: '3990', description: 'Your concert ticket' };
  const asks = { ...tickets, fromEmail: bens.email, toWalletId: from };
  await ana.post('/v1/payment-requests', asks, 'demo-ticket');
  const schedule = { frequency: 'monthly', startAt: '2027-02-01T09:00', timeZone: 'Europe/Berlin' };
  const plan = { fromWalletId: from, toWalletId: to, schedule };
  const rents = { ...plan, amount: '64000', description: 'Rent' };
  await ana.post('/v1/scheduled-transfers', rents, 'demo-plan-rent');
  const pocket = {
    ...plan,
    amount: '1500',
    description: 'Pocket money',
    schedule: { ...schedule, frequency: 'weekly', startAt: '2027-01-08T18:00' },
  };
  await ana.post('/v1/scheduled-transfers', pocket, 'demo-plan-pocket');
  await ana.post('/v1/webhooks', {
    url: 'https://books.example.com/florin',
    description: 'My book keeping',
    eventTypes: ['transaction-completed', 'transaction-failed'],
  });
}

/** What the staff has on its desk: prices, a correction of a colleague, and one of their own. */
async function keepBusy(dev: DevFile, ana: RestClient): Promise<void> {
  const operator = personOf(dev, 'operator');
  const staff = await signedIn(dev, operator);
  const colleague = await signedIn(dev, await makeColleague(dev, operator));
  const walletId = personOf(dev, 'ana').walletIds[0];
  const twice = { amount: '1250', direction: 'credit', reason: 'Lunch was taken twice' };
  await colleague.post('/v1/admin/adjustments', { walletId, ...twice }, 'demo-twice');
  const late = { amount: '300', direction: 'debit', reason: 'A fee that was forgotten' };
  await staff.post('/v1/admin/adjustments', { walletId, ...late }, 'demo-late');
  const withdrawal = { type: 'withdrawal', currency: 'USD', paidBy: 'sender' };
  const tiers = [
    { from: '0', flat: '50', basisPoints: 100 },
    { from: '100000', flat: '0', basisPoints: 75 },
  ];
  const deposit = { type: 'deposit', currency: 'GBP', paidBy: 'recipient' };
  const rules = [
    { ...withdrawal, tiers, max: '2500' },
    { ...deposit, tiers: [{ from: '0', basisPoints: 40 }], min: '20' },
  ];
  const note = 'Banks ask for more from January on';
  staff.expect(await staff.put('/v1/admin/fees', { basedOn: 0, rules, note }), 200);
  const funds = { currency: 'USD', amount: '250000', bankAccount: 'ok' };
  await staff.post('/v1/admin/reward-funds', funds, 'demo-funds');
  const { items } = ana.expect<{ items: { id: string; currency: string }[] }>(
    await ana.get('/v1/wallets'),
    200,
  );
  const order = { fromCurrency: 'USD', toCurrency: 'EUR', fromAmount: '2500' };
  const { id } = ana.expect<{ id: string }>(await ana.post('/v1/quotes', order, 'demo-quote'), 201);
  const toWalletId = items.find(({ currency }) => currency === 'EUR')?.id;
  const conversion = { quoteId: id, fromWalletId: walletId, toWalletId };
  await ana.post('/v1/conversions', conversion, 'demo-conversion');
  await startQuarrel(dev, staff);
}

const JSON_BODY = { 'content-type': 'application/json' };
const LONG_AGO_MS = 20 * 60_000;

/** Something that a bank has booked and nobody here knows of, and something the other way round. */
async function startQuarrel({ bankSimulatorUrl }: DevFile, staff: RestClient): Promise<void> {
  const bookedAt = new Date(Date.now() - LONG_AGO_MS).toISOString();
  const paid = { kind: 'extra', currency: 'USD', bookedAt };
  const slips = [
    { ...paid, direction: 'credit', amount: '4200', reference: 'INTEREST-11' },
    { ...paid, direction: 'debit', amount: '1250', reference: 'CARD-FEES-11' },
  ];
  for (const slip of slips) {
    const url = new URL('/control/banks/ok/slips', bankSimulatorUrl);
    await fetch(url, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(slip) });
  }
  await staff.post('/v1/admin/statements/fetch', {});
}

/** A file of payments, of which not all can be carried out. */
async function sendFile(dev: DevFile): Promise<void> {
  const [ana, ben] = [personOf(dev, 'ana'), personOf(dev, 'ben')];
  const order = { fromWalletId: ana.walletIds[0], toWalletId: ben.walletIds[0] };
  const lines = ['1200', '99900000', '350'].map((amount) => JSON.stringify({ ...order, amount }));
  const body = { email: ana.email, password: ana.password };
  const login = await fetch(new URL('/v1/auth/login', dev.gatewayUrl), {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify(body),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  await fetch(new URL('/v1/bulk-files', dev.gatewayUrl), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/x-ndjson',
      'idempotency-key': 'demo-file',
    },
    body: lines.join('\n'),
  });
}

/** Gives the demo people a history worth looking at, and a payment that waits for a person. */
export async function liveALittle(dev: DevFile): Promise<{ reviewId: string; walletId: string }> {
  const [ana, ben] = [
    await signedIn(dev, personOf(dev, 'ana')),
    await signedIn(dev, personOf(dev, 'ben')),
  ];
  const walletOf = (name: string): string => personOf(dev, name).walletIds[0] ?? '';
  const [from, to] = [walletOf('ana'), walletOf('ben')];
  const send = async (client: RestClient, body: object, key: string): Promise<Transaction> => {
    const answer = await client.post('/v1/transfers', body, key);
    const { transaction, ...own } = answer.body as Transaction & { transaction?: Transaction };
    return transaction ?? own;
  };

  // Nobody who came a minute ago would get so much past the scorer.
  await setScoring(dev, 'shadow');
  await openFunded(ana, 'EUR', 'Holidays', '126050');
  await openFunded(ana, 'JPY', 'Tokyo', '98000');
  for (const [cents, description] of SPENDING) {
    const body = { fromWalletId: from, toWalletId: to, amount: cents, description };
    await send(ana, body, `demo-${description}`);
  }
  for (const [cents, description] of SPENDING.slice(0, 3)) {
    const body = { fromWalletId: to, toWalletId: from, amount: cents, description };
    await send(
      ben,
      { ...body, description: `Back for: ${description}` },
      `demo-back-${description}`,
    );
  }
  await send(
    ana,
    { fromWalletId: from, toWalletId: to, amount: '99900000', description: 'A small yacht' },
    'demo-yacht',
  );
  const payout = { walletId: from, amount: '5000', bankAccount: 'down' };
  await ana.post('/v1/withdrawals', payout, 'demo-payout');
  await planAhead(dev, ana, ben);
  await keepBusy(dev, ana);
  await sendFile(dev);
  await setScoring(dev, 'enforce');
  const reviewId = await standOut([
    () => send(ana, { ...rent, fromWalletId: from, toWalletId: to }, 'demo-rent'),
    () => send(ben, { ...rent, fromWalletId: to, toWalletId: from }, 'demo-rent-back'),
  ]);
  return { reviewId, walletId: from };
}
