import { isCurrency, parseRate } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import { Router } from 'express';
import { z } from 'zod';
import { EXCHANGE_BEHAVIOURS } from '../domain/exchange.ts';
import type { Exchange } from '../open-exchange.ts';
import { sendInvalid } from './problem.ts';

const rate = z
  .string()
  .refine((text) => parseRate(text).ok, { error: 'must be a positive decimal' });

const changesSchema = z.strictObject({
  behaviour: z.exactOptional(z.enum(EXCHANGE_BEHAVIOURS)),
  delayMs: z.exactOptional(z.number().min(0).max(600_000)),
  ageMs: z.exactOptional(z.number().int().min(0).max(86_400_000)),
  rates: z.exactOptional(
    z
      .record(z.string(), rate.nullable())
      .refine((rates) => Object.keys(rates).every(isCurrency), { error: 'must name currencies' }),
  ),
});

/** The hand on the exchange: rates, delay, faults and age, while it runs. */
export function createExchangeControl(exchange: Exchange, log: Logger): Router {
  const router = Router();

  router.get('/', (_request, response) => {
    response.json(exchange.describe());
  });

  router.put('/', async (request, response) => {
    const changes = changesSchema.safeParse(request.body);
    if (!changes.success) return sendInvalid(response, changes.error);
    await exchange.change(changes.data);
    log.info(changes.data, 'exchange changed');
    response.json(exchange.describe());
  });

  return router;
}
