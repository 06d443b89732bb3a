import { eventually } from '@florin/testing';
import { fundedWallet, newPerson, type Person } from '../journeys/person.ts';
import type { Fault } from './fault.ts';
import { PROVIDER } from './payout-provider.ts';
import type { Stage } from './stage.ts';

const SOON = { timeoutMs: 60_000 };

/** What a person does in the page of the provider of links. Answers what the account is called. */
async function linkAccount({ proxied }: Stage, person: Person): Promise<string> {
  const { body: given } = await person.call('POST', '/v1/bank-accounts/link-tokens', {
    bank: PROVIDER,
  });
  const { linkToken } = given;
  const page = new URL('/control/linking/sessions', proxied.platform.dev().bankSimulatorUrl);
  const proven = await fetch(page, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ linkToken, reference: { destination: 'ba_rehearsal' } }),
  });
  const { publicToken } = (await proven.json()) as { publicToken: string };
  const linked = await person.call<{ bankAccount: string }>('POST', '/v1/bank-accounts', {
    linkToken,
    publicToken,
  });
  return linked.body.bankAccount;
}

/** Somebody has withdrawn money through the provider: it was paid, and the ledger knows it. */
async function paidOut(stage: Stage): Promise<string> {
  const ana = await newPerson(stage.proxied.platform.dev().gatewayUrl);
  const walletId = await fundedWallet(ana, '10000');
  const bankAccount = await linkAccount(stage, ana);
  const { body } = await ana.pay('/v1/withdrawals', { walletId, amount: '500', bankAccount });
  const done = `SELECT provider_reference AS reference FROM payments
                 WHERE transaction_id = $1 AND state = 'done' AND provider_reference IS NOT NULL`;
  const [row] = await eventually(async () => {
    const rows = await stage.sql('banking', done, [body.id]);
    return rows.length > 0 && rows;
  }, SOON);
  return String(row?.['reference']);
}

/** Faults of payment providers, which say one thing and later another. */
export const PROVIDER_FAULTS: Fault[] = [
  {
    name: 'a payout comes back after it was paid',
    alerts: ['BankTookBack'],
    async cause(stage) {
      const reference = await paidOut(stage);
      const { payload, signature } = stage.provider.sendBack(reference);
      const { gatewayUrl } = stage.proxied.platform.dev();
      const heard = await fetch(new URL(`/v1/bank-webhooks?bank=${PROVIDER}`, gatewayUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'stripe-signature': signature },
        body: payload,
      });
      if (!heard.ok) throw new Error(`the webhook was answered with ${heard.status}`);
    },
    // People correct the books; nothing more comes back.
    cure: () => Promise.resolve(),
  },
];
