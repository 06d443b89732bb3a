// npm run faults [-- --seconds 180 --transactions 50000 --kills 5 --clients 48 --ledgers 2]
//
// Kills everything under load and compares what clients were told with the books and the event
// stream (kill-under-load.ts). Last line: JSON. Exit code 1 when anything is lost, doubled or
// wrong.
import { parseArgs } from 'node:util';
import { killUnderLoad } from './kill-under-load.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    transactions: { type: 'string', default: '50000' },
    kills: { type: 'string', default: '5' },
    clients: { type: 'string', default: '48' },
    ledgers: { type: 'string', default: '2' },
    wallets: { type: 'string', default: '60' },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const report = await killUnderLoad({
  seconds: Number(values.seconds),
  transactions: Number(values.transactions),
  kills: Number(values.kills),
  clients: Number(values.clients),
  ledgers: Number(values.ledgers),
  wallets: Number(values.wallets),
  say,
});
const { lost, doubled, breaks, wrongBalances, untoldEvents, eventGaps, overtakenEvents } = report;
const imbalance = breaks.length + wrongBalances;
say(
  `acknowledged ${report.acknowledged}, lost ${lost}, doubled ${doubled}, imbalance ${imbalance}`,
);
say(JSON.stringify({ faults: 'kill -9', ...report }));
process.exitCode =
  lost + doubled + imbalance + untoldEvents + eventGaps + overtakenEvents > 0 ? 1 : 0;
