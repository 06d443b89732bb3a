import type { Clock } from '@florin/kernel';
import { Router } from 'express';
import { z } from 'zod';
import type { Bank } from '../domain/bank.ts';
import { camtOfStatements } from '../domain/camt-statement.ts';
import { csvOfStatements } from '../domain/csv-statement.ts';
import { dayOf, daysOf, startOfDay, statementsOfDay } from '../domain/day-statement.ts';
import { sendInvalid, sendProblem } from './problem.ts';

const question = z.strictObject({
  day: z.iso.date(),
  format: z.enum(['csv', 'camt.053']).default('camt.053'),
});

/** The statements of one bank, as an outside party offers them. */
export function createStatementHttp(bank: Bank, { nowMs }: Pick<Clock, 'nowMs'>): Router {
  const router = Router();

  router.get('/', (_request, response) => {
    const now = nowMs();
    const today = dayOf(now);
    const days = daysOf(bank.payments.values(), bank.slips, now);
    response.json({ days: days.map((day) => ({ day, complete: day !== today })) });
  });

  router.get('/document', (request, response) => {
    const asked = question.safeParse(request.query);
    if (!asked.success) return sendInvalid(response, asked.error);
    const { day, format } = asked.data;
    const now = nowMs();
    if (startOfDay(day) > now) return sendProblem(response, 'not-found');
    const statements = statementsOfDay(bank.name, bank.payments.values(), bank.slips, day, now);
    if (format === 'csv') {
      response.type('text/csv').send(csvOfStatements(statements));
      return;
    }
    const toMs = statements[0]?.toMs ?? now;
    response.type('application/xml').send(camtOfStatements(bank.name, day, toMs, statements));
  });

  return router;
}
