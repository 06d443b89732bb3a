import { setTimeout as wait } from 'node:timers/promises';
import { listen, printableConfig, runService } from '@florin/runtime';
import { createBankHttp } from './adapters/bank-http.ts';
import { createExchangeHttp } from './adapters/exchange-http.ts';
import { openKeptDoor } from './adapters/kept-door.ts';
import { createLinkingControl, createLinkingHttp } from './adapters/linking-http.ts';
import { createControlHttp } from './adapters/control-http.ts';
import { memoryOnlyJournal, openPaymentJournal } from './adapters/payment-journal.ts';
import { readBankSimulatorConfig } from './config.ts';
import { createLinkSessions } from './domain/link-sessions.ts';
import { openBanks } from './open-banks.ts';
import { openExchange } from './open-exchange.ts';
import { createReportPayment } from './report-payment.ts';
import { createTakePayment } from './take-payment.ts';

const config = readBankSimulatorConfig();

await runService('bank-simulator', config, async ({ log, clock, metrics, onStop }) => {
  log.info(printableConfig(config), 'starting');
  const { host, stateFile } = config;
  const random = Math.random;

  const journal = stateFile === undefined ? memoryOnlyJournal : openPaymentJournal(stateFile);
  onStop('journal', async () => journal.close());

  const recorded = metrics.counter({
    name: 'bank_payments_total',
    help: 'Payments recorded by the simulated banks',
    labelNames: ['bank', 'kind', 'verdict'],
  });
  const takePayment = createTakePayment({
    clock,
    random,
    wait,
    remember: (bank, payment) => {
      journal.append(bank, payment);
      recorded.inc({ bank, kind: payment.kind, verdict: payment.verdict });
    },
  });
  const reportPayment = createReportPayment({ clock, random, wait });

  const banks = await openBanks({
    log,
    host,
    banks: config.banks,
    settings: { delayMs: config.delayMs, settleMs: config.settleMs, failureRate: 0 },
    basePort: config.basePort,
    portsFile: stateFile === undefined ? undefined : `${stateFile}.ports.json`,
    journal,
    createHandler: (bank) => createBankHttp(bank, { log, clock, takePayment, reportPayment }),
    random,
  });
  onStop('banks', async () => {
    await Promise.all([...banks.values()].map(({ listener }) => listener.close()));
  });

  /** After the ports of the banks. */
  const doorOf = (name: string, place: number) => ({
    host,
    random,
    port: config.basePort === undefined ? undefined : config.basePort + config.banks.length + place,
    portsFile: stateFile === undefined ? undefined : `${stateFile}.${name}.json`,
  });
  const exchange = await openExchange({
    ...doorOf('exchange', 0),
    delayMs: config.delayMs,
    rates: config.rates,
    createHandler: (settings) => createExchangeHttp({ log, clock, random, wait, settings }),
  });
  onStop('exchange', () => exchange.close());

  const sessions = createLinkSessions(clock.nowMs);
  const linkingHttp = createLinkingHttp(sessions, log);
  const linking = await openKeptDoor('linking', linkingHttp, doorOf('linking', 1));
  onStop('linking', () => linking.close());

  const forgetPayments = journal.clear;
  const linkingControl = createLinkingControl(sessions, linking.url);
  const deps = { log, clock, banks, exchange, linkingControl, forgetPayments };
  const control = createControlHttp(deps);
  const door = await listen(control, { host, port: config.port });
  onStop('control API', () => door.close());
  return { url: door.url };
});
