// Two people register, one is paid in by a bank and pays the other: what `helm test` asks of an
// installation. Every service that money needs takes part, and the sums are checked.
import { deepStrictEqual } from 'node:assert';
import { readConfig, url } from '@florin/runtime';
import { fundedWallet, newPerson } from '../journeys/person.ts';

const { gatewayUrl } = readConfig({
  gatewayUrl: url('GATEWAY_URL', { describe: 'where the REST API is' }),
});

const [payer, payee] = [await newPerson(gatewayUrl), await newPerson(gatewayUrl)];
const from = await fundedWallet(payer, '10000');
const to = await fundedWallet(payee, '0');
const answer = await payer.pay('/v1/transfers', {
  fromWalletId: from,
  toWalletId: to,
  amount: '2500',
});
console.log(`transfer: ${answer.status} ${answer.body.status}`);

const balances = await Promise.all([payer.wallet(from), payee.wallet(to)]);
const posted = balances.map((wallet) => wallet.balances.posted);
console.log(`posted: ${posted.join(', ')}`);
// A new account that pays at once may be reviewed: then the money is held, and still there.
const settled = answer.body.status === 'completed';
deepStrictEqual(posted, settled ? ['7500', '2500'] : ['10000', '0']);
