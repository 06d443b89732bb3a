import type { Logger } from '@florin/runtime';
import express, { Router, type Express } from 'express';
import { z } from 'zod';
import type { LinkSessions } from '../domain/link-sessions.ts';
import { answerNotFound, createFaultHandler, sendInvalid, sendProblem } from './problem.ts';

const text = z.string().min(1).max(500);

const createSchema = z.object({ client_user_id: text, bank: text });
const exchangeSchema = z.object({ link_token: text, public_token: text });
const removeSchema = z.object({ access_token: text });

/** The API of a provider of links between people and their bank accounts, shaped after Plaid's. */
export function createLinkingHttp(sessions: LinkSessions, log: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json({ limit: '8kb' }));

  app.post('/link/token/create', (request, response) => {
    const asked = createSchema.safeParse(request.body);
    if (!asked.success) return sendInvalid(response, asked.error);
    const { linkToken, expiresAtMs } = sessions.open();
    const expiration = new Date(expiresAtMs).toISOString();
    response.json({ link_token: linkToken, expiration });
  });

  app.post('/item/public_token/exchange', (request, response) => {
    const asked = exchangeSchema.safeParse(request.body);
    if (!asked.success) return sendInvalid(response, asked.error);
    const made = sessions.exchange(asked.data.link_token, asked.data.public_token);
    if (made === undefined) return sendProblem(response, 'validation-failed');
    const { reference, ...account } = made.account;
    response.json({ access_token: made.accessToken, account, reference });
  });

  app.post('/item/remove', (request, response) => {
    const asked = removeSchema.safeParse(request.body);
    if (!asked.success) return sendInvalid(response, asked.error);
    if (!sessions.remove(asked.data.access_token)) return sendProblem(response, 'not-found');
    response.json({ removed: true });
  });

  app.use(answerNotFound);
  app.use(createFaultHandler(log));
  return app;
}

const proveSchema = z.strictObject({
  linkToken: text,
  institution: text.default('First Simulated Bank'),
  name: text.default('Checking'),
  mask: z.string().max(10).default('6789'),
  reference: z.record(z.string(), text).default({ account: 'linked-6789' }),
});

/** What a person would do in the provider's page, for tests and for those who try it out. */
export function createLinkingControl(sessions: LinkSessions, url: string): Router {
  const router = Router();

  router.get('/', (_request, response) => {
    response.json({ url, links: sessions.count() });
  });

  router.post('/sessions', (request, response) => {
    const asked = proveSchema.safeParse(request.body);
    if (!asked.success) return sendInvalid(response, asked.error);
    const { linkToken, ...account } = asked.data;
    const publicToken = sessions.prove(linkToken, account);
    if (publicToken === undefined) return sendProblem(response, 'not-found');
    response.status(201).json({ publicToken });
  });

  return router;
}
