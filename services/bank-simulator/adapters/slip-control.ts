import { isCurrency, parseAmount, uuidv7, type Clock, type Currency } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import { Router, type Request } from 'express';
import { z } from 'zod';
import type { Bank } from '../domain/bank.ts';
import { isoTime } from '../domain/iso-time.ts';
import type { Slip } from '../domain/statement-slip.ts';
import { sendInvalid, sendProblem } from './problem.ts';

/** What stands in statements, and needs no escaping there. */
const word = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/);

const amount = z.string().transform((input, context) => {
  const parsed = parseAmount(input);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.error });
  return z.NEVER;
});

const extra = z.strictObject({
  kind: z.literal('extra'),
  reference: z.exactOptional(word),
  endToEndId: z.exactOptional(word),
  direction: z.enum(['credit', 'debit']),
  amount,
  currency: z.custom<Currency>((code) => typeof code === 'string' && isCurrency(code)),
  bookedAt: z.exactOptional(z.iso.datetime()),
});
const slip = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['missing', 'duplicate']), endToEndId: word }),
  z.strictObject({ kind: z.literal('amount'), endToEndId: word, amount }),
  extra,
]);

function completed(told: z.output<typeof extra>, nowMs: number): Slip {
  const { kind, direction, currency, bookedAt } = told;
  const reference = told.reference ?? uuidv7(nowMs);
  return {
    kind,
    reference,
    // Banks write so where nobody has given them any.
    endToEndId: told.endToEndId ?? 'NOTPROVIDED',
    currency,
    amount: direction === 'debit' ? -told.amount : told.amount,
    bookedAtMs: bookedAt === undefined ? nowMs : Date.parse(bookedAt),
  };
}

const describe = (one: Slip) => ({
  ...one,
  ...('amount' in one ? { amount: String(one.amount) } : {}),
  ...('bookedAtMs' in one ? { bookedAt: isoTime(one.bookedAtMs) } : {}),
});

interface SlipControlDeps {
  bankOf: (name: string) => Bank | undefined;
  clock: Pick<Clock, 'nowMs'>;
  log: Logger;
}

/** Mistakes in the statements of a bank: planted, listed and taken out again. */
export function createSlipControl({ bankOf, clock, log }: SlipControlDeps): Router {
  const router = Router({ mergeParams: true });
  const bankIn = (request: Request) => bankOf(String(request.params['name']));

  router.get('/', (request, response) => {
    const bank = bankIn(request);
    if (bank === undefined) return sendProblem(response, 'not-found');
    response.json({ slips: bank.slips.map(describe) });
  });

  router.post('/', (request, response) => {
    const bank = bankIn(request);
    if (bank === undefined) return sendProblem(response, 'not-found');
    const told = slip.safeParse(request.body);
    if (!told.success) return sendInvalid(response, told.error);
    const planted = told.data.kind === 'extra' ? completed(told.data, clock.nowMs()) : told.data;
    bank.slips.push(planted);
    log.info({ bank: bank.name, kind: planted.kind }, 'a mistake in statements planted');
    response.status(201).json(describe(planted));
  });

  router.delete('/', (request, response) => {
    const bank = bankIn(request);
    if (bank === undefined) return sendProblem(response, 'not-found');
    bank.slips.length = 0;
    response.status(204).end();
  });

  return router;
}
