import type { Clock } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import express, { type Express } from 'express';
import { BASE, type ExchangeSettings } from '../domain/exchange.ts';
import { answerNotFound, createFaultHandler, sendProblem } from './problem.ts';

export interface ExchangeHttpDeps {
  log: Logger;
  clock: Clock;
  random: () => number;
  wait: (ms: number) => Promise<unknown>;
  settings: () => ExchangeSettings;
}

/** The API of a provider of exchange rates, as an outside party offers it. */
export function createExchangeHttp(deps: ExchangeHttpDeps): Express {
  const { log, clock, random, wait, settings } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.get('/rates', async (_request, response) => {
    const { behaviour, delayMs, ageMs, rates } = settings();
    if (behaviour === 'hanging') return;
    await wait(delayMs * (0.5 + random()));
    if (behaviour === 'failing') return sendProblem(response, 'bank-failure');
    const publishedAt = new Date(clock.nowMs() - ageMs).toISOString();
    response.json({ base: BASE, publishedAt, rates });
  });

  app.use(answerNotFound);
  app.use(createFaultHandler(log));
  return app;
}
