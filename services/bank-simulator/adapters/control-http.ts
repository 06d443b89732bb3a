import type { Clock } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import express, { type Express, type Router } from 'express';
import { z } from 'zod';
import type { ServedBank } from '../change-bank.ts';
import { BEHAVIOURS } from '../domain/behaviour.ts';
import type { Payment } from '../domain/payment.ts';
import { statementAt } from '../domain/statement.ts';
import { resetBanks } from '../reset-banks.ts';
import type { Exchange } from '../open-exchange.ts';
import { createExchangeControl } from './exchange-control.ts';
import { isPortTaken } from './port-plan.ts';
import { createSlipControl } from './slip-control.ts';
import { answerNotFound, createFaultHandler, sendInvalid, sendProblem } from './problem.ts';

const milliseconds = z.number().min(0).max(600_000);

const changesSchema = z.strictObject({
  behaviour: z.exactOptional(z.enum(BEHAVIOURS)),
  delayMs: z.exactOptional(milliseconds),
  settleMs: z.exactOptional(milliseconds),
  failureRate: z.exactOptional(z.number().min(0).max(1)),
});

/** A page of the statement: totals are always over everything. */
const pageSchema = z.strictObject({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
});

export interface ControlHttpDeps {
  log: Logger;
  clock: Clock;
  banks: ReadonlyMap<string, ServedBank>;
  exchange: Exchange;
  linkingControl: Router;
  forgetPayments: () => void;
}

const describeBank = ({ bank, listener }: ServedBank) => ({
  name: bank.name,
  url: listener.url,
  listening: listener.isOpen(),
  ...bank.settings,
  payments: bank.payments.size,
});

const describePayment = ({ verdict: _verdict, standsAtMs, ...payment }: Payment) => ({
  ...payment,
  amount: String(payment.amount),
  settledAt: new Date(standsAtMs).toISOString(),
});

function describeStatement(
  { bank }: ServedBank,
  { offset, limit }: z.infer<typeof pageSchema>,
  nowMs: number,
) {
  const { totals, payments } = statementAt(bank.payments.values(), nowMs);
  const end = offset + limit;
  return {
    bank: bank.name,
    count: payments.length,
    totals: totals.map((total) => ({ ...total, amount: String(total.amount) })),
    payments: payments.slice(offset, end).map(describePayment),
    nextOffset: end < payments.length ? end : undefined,
  };
}

/** The hand on the banks: behaviours, delays and faults while they run, and their statements. */
export function createControlHttp({
  log,
  clock,
  banks,
  exchange,
  linkingControl,
  forgetPayments,
}: ControlHttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json({ limit: '8kb' }));

  app.get('/control/banks', (_request, response) => {
    response.json({ banks: [...banks.values()].map(describeBank) });
  });

  app.put('/control/banks/:name', async (request, response) => {
    const served = banks.get(request.params.name);
    if (served === undefined) return sendProblem(response, 'not-found');
    const changes = changesSchema.safeParse(request.body);
    if (!changes.success) return sendInvalid(response, changes.error);
    try {
      await served.change(changes.data);
    } catch (error) {
      if (!isPortTaken(error)) throw error;
      return sendProblem(response, 'port-taken');
    }
    log.info({ bank: served.bank.name, ...changes.data }, 'bank changed');
    response.json(describeBank(served));
  });

  app.get('/control/banks/:name/payments', (request, response) => {
    const served = banks.get(request.params.name);
    if (served === undefined) return sendProblem(response, 'not-found');
    const page = pageSchema.safeParse(request.query);
    if (!page.success) return sendInvalid(response, page.error);
    response.json(describeStatement(served, page.data, clock.nowMs()));
  });

  app.use(
    '/control/banks/:name/slips',
    createSlipControl({ bankOf: (name) => banks.get(name)?.bank, clock, log }),
  );
  app.use('/control/exchange', createExchangeControl(exchange, log));
  app.use('/control/linking', linkingControl);

  app.post('/control/reset', async (_request, response) => {
    await resetBanks(banks.values(), forgetPayments);
    await exchange.reset();
    log.info('all banks reset');
    response.status(204).end();
  });

  app.use(answerNotFound);
  app.use(createFaultHandler(log));
  return app;
}
