import { isCurrency, parseAmount, type Clock, type Currency } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import express, { type Express, type Response } from 'express';
import { z } from 'zod';
import type { Bank } from '../domain/bank.ts';
import { PAYMENT_KINDS } from '../domain/payment.ts';
import type { ReportPayment } from '../report-payment.ts';
import type { PaymentAnswer, TakePayment } from '../take-payment.ts';
import { createStatementHttp } from './statement-http.ts';
import { answerNotFound, createFaultHandler, sendInvalid, sendProblem } from './problem.ts';

const idempotencyKey = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/);

const amount = z.string().transform((input, context) => {
  const parsed = parseAmount(input);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.error });
  return z.NEVER;
});

const orderSchema = z.strictObject({
  idempotencyKey,
  kind: z.enum(PAYMENT_KINDS),
  amount,
  currency: z.custom<Currency>((code) => typeof code === 'string' && isCurrency(code)),
  account: z.string().min(1).max(64),
});

export interface BankHttpDeps {
  log: Logger;
  clock: Pick<Clock, 'nowMs'>;
  takePayment: TakePayment;
  reportPayment: ReportPayment;
}

function sendAnswer(response: Response, answer: PaymentAnswer): void {
  switch (answer.type) {
    case 'nothing':
      return; // The connection stays open until the caller has had enough.
    case 'error':
      return sendProblem(response, 'bank-failure');
    case 'key-reused':
      return sendProblem(response, 'idempotency-key-reused');
    case 'verdict': {
      const { paymentId, verdict: status } = answer.payment;
      if (status === 'settled') response.json({ paymentId, status });
      else response.status(402).json({ paymentId, status, reason: 'do-not-honour' });
    }
  }
}

/** The API of one bank, as an outside party offers it. */
export function createBankHttp(bank: Bank, deps: BankHttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json({ limit: '8kb' }));

  app.post('/payments', async (request, response) => {
    const order = orderSchema.safeParse(request.body);
    if (!order.success) return sendInvalid(response, order.error);
    sendAnswer(response, await deps.takePayment(bank, order.data));
  });

  app.get('/payments/:idempotencyKey', async (request, response) => {
    const key = idempotencyKey.safeParse(request.params.idempotencyKey);
    if (!key.success) return sendInvalid(response, key.error);
    const answer = await deps.reportPayment(bank, key.data);
    if (answer.type === 'error') return sendProblem(response, 'bank-failure');
    if (answer.type === 'never-seen') return sendProblem(response, 'not-found');
    response.json({ status: answer.status, paymentId: answer.paymentId });
  });

  app.use('/statements', createStatementHttp(bank, deps.clock));

  app.use(answerNotFound);
  app.use(createFaultHandler(deps.log));
  return app;
}
