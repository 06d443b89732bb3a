import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import { startStripeMock } from './stripe-mock.ts';

export const API_KEY = 'sk_test_florin';
export const WEBHOOK_SECRET = 'whsec_florin';

interface StripeObject {
  id: string;
  object: 'payment_intent' | 'payout';
  status: string;
  created: number;
  metadata: Record<string, string>;
  customer: string | null;
  destination: string | null;
  amount: number;
}

interface Reply {
  status: number;
  body: object;
}

/** What goes wrong with the next request that would make something. */
export type Fault = 'answer-lost' | 'never-arrives' | 'error-500' | 'too-many' | 'wrong-key';

/**
 * A Stripe with a memory: objects, idempotency keys and lists behave as documented. What it is
 * asked goes to a real stripe-mock first, where there is one, which must find it well-formed.
 */
export interface StripeDouble extends AsyncDisposable {
  url: string;
  /** Whether a real stripe-mock has checked each request. */
  checked: boolean;
  /** What stripe-mock found wrong with requests. */
  mistakes: string[];
  requests: string[];
  objects: ReadonlyMap<string, StripeObject>;
  failNext(fault: Fault): void;
  /** An object has come so far. */
  move(id: string, status: string): void;
  of(transactionId: string): StripeObject[];
  /** Forgets all idempotency keys, as Stripe does after a day. */
  forgetKeys(): void;
  /** A webhook as Stripe sends it. */
  event(type: string, id: string, atMs?: number): { payload: string; signature: string };
}

const error = (status: number, body: object): Reply => ({ status, body: { error: body } });
const invalid = (code: string): Reply =>
  error(400, { type: 'invalid_request_error', code, message: code });

/** By payment method: what becomes of a charge. */
const CHARGES: Record<string, (intent: StripeObject) => Reply> = {
  pm_ok: (intent) => done(intent, 'succeeded'),
  pm_slow: (intent) => done(intent, 'processing'),
  pm_action: (intent) => done(intent, 'requires_action'),
  pm_declined: (intent) => cardError(intent, 'card_declined', 'insufficient_funds'),
  pm_asks: (intent) => cardError(intent, 'authentication_required', 'authentication_required'),
};

/** By destination: what becomes of a payout. */
const PAYOUTS: Record<string, (payout: StripeObject) => Reply | undefined> = {
  ba_ok: (payout) => done(payout, 'paid'),
  ba_slow: (payout) => done(payout, 'pending'),
  ba_failed: (payout) => done(payout, 'failed'),
  ba_empty: () => undefined,
};

function done(made: StripeObject, status: string): Reply {
  made.status = status;
  return { status: 200, body: made };
}

function cardError(intent: StripeObject, code: string, declineCode: string): Reply {
  intent.status = 'requires_payment_method';
  const body = { type: 'card_error', code, decline_code: declineCode, message: code };
  return error(402, { ...body, payment_intent: intent });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function newObject(object: StripeObject['object'], form: URLSearchParams): StripeObject {
  const entries = [...form].flatMap(([name, value]) => {
    const [, key] = /^metadata\[(\w+)\]$/.exec(name) ?? [];
    return key === undefined ? [] : [[key, value] as const];
  });
  return {
    id: `${object === 'payout' ? 'po' : 'pi'}_${randomUUID().replaceAll('-', '')}`,
    object,
    status: 'new',
    created: Math.floor(Date.now() / 1000),
    metadata: Object.fromEntries(entries),
    customer: form.get('customer'),
    destination: form.get('destination'),
    amount: Number(form.get('amount')),
  };
}

/** What Stripe remembers, and how it answers. */
function createMemory() {
  const objects = new Map<string, StripeObject>();
  const keys = new Map<string, { form: string; reply: Reply }>();

  function make(object: StripeObject['object'], form: URLSearchParams): Reply {
    const made = newObject(object, form);
    const charge = CHARGES[form.get('payment_method') ?? ''];
    const payOut = PAYOUTS[made.destination ?? ''];
    if (object === 'payout' && made.destination === 'ba_empty') {
      return invalid('balance_insufficient');
    }
    const reply = object === 'payout' ? payOut?.(made) : charge?.(made);
    if (reply === undefined) return invalid('resource_missing');
    objects.set(made.id, made);
    // As it was when it was answered: a repetition shows no more.
    return { status: reply.status, body: structuredClone(reply.body) };
  }

  function create(object: StripeObject['object'], form: string, key: string): Reply {
    const known = keys.get(key);
    if (known !== undefined && known.form !== form) {
      return error(400, { type: 'idempotency_error', message: 'another request' });
    }
    const reply = known?.reply ?? make(object, new URLSearchParams(form));
    keys.set(key, { form, reply });
    return reply;
  }

  function list(object: StripeObject['object'], query: URLSearchParams): Reply {
    const found = [...objects.values()].filter(
      (one) =>
        one.object === object &&
        one.created >= Number(query.get('created[gte]')) &&
        (query.get('customer') ?? one.customer) === one.customer &&
        (query.get('destination') ?? one.destination) === one.destination,
    );
    return { status: 200, body: { object: 'list', data: found, has_more: false, url: '/' } };
  }

  function cancel(id: string): Reply {
    const found = objects.get(id);
    if (found === undefined) return error(404, { type: 'invalid_request_error' });
    if (['succeeded', 'processing', 'canceled'].includes(found.status)) {
      return invalid('payment_intent_unexpected_state');
    }
    return done(found, 'canceled');
  }

  function answer(method: string, url: URL, form: string, key: string): Reply {
    const [, , collection = '', id, verb] = url.pathname.split('/');
    const object = collection === 'payouts' ? 'payout' : 'payment_intent';
    if (method === 'POST' && id === undefined) return create(object, form, key);
    if (method === 'POST' && verb === 'cancel') return cancel(id ?? '');
    if (id === undefined) return list(object, url.searchParams);
    const found = objects.get(id);
    return found ? { status: 200, body: found } : error(404, { type: 'invalid_request_error' });
  }
  return { objects, keys, answer };
}

const FAULTS: Record<Exclude<Fault, 'answer-lost' | 'never-arrives'>, Reply> = {
  'error-500': error(500, { type: 'api_error', message: 'sorry' }),
  'too-many': error(429, { type: 'invalid_request_error', code: 'rate_limit' }),
  'wrong-key': error(401, { type: 'invalid_request_error' }),
};

export async function startStripeDouble(): Promise<StripeDouble> {
  const mock = await startStripeMock();
  const { objects, keys, answer } = createMemory();
  const requests: string[] = [];
  const mistakes: string[] = [];
  let fault: { kind: Fault; left: number } | undefined;

  /** What is to go wrong now; never with reading. */
  function takeFault({ method, url = '' }: IncomingMessage): Fault | undefined {
    if (fault === undefined || method !== 'POST' || url.endsWith('/cancel')) return undefined;
    const { kind } = fault;
    if (--fault.left === 0) fault = undefined;
    return kind;
  }

  /** Whether stripe-mock knows such a call with such parameters. */
  async function check({ method = '', url = '' }: IncomingMessage, form: string): Promise<void> {
    if (mock === undefined) return;
    const response = await fetch(mock.url + url, {
      method,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      ...(method === 'POST' && { body: form }),
    });
    if (response.status === 200) await response.arrayBuffer();
    else mistakes.push(`${method} ${url} ${form}: ${await response.text()}`);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const form = await bodyOf(request);
    requests.push(`${method} ${url.split('?')[0] ?? ''}`);
    await check(request, form);
    const now = takeFault(request);
    if (now === 'never-arrives') return void request.socket.destroy();
    const key = String(headers['idempotency-key'] ?? randomUUID());
    const reply =
      now === undefined || now === 'answer-lost'
        ? answer(method, new URL(url, 'http://stripe'), form, key)
        : FAULTS[now];
    if (now === 'answer-lost') return void request.socket.destroy();
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply.body));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhooks = new Stripe(API_KEY).webhooks;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    checked: mock !== undefined,
    mistakes,
    requests,
    objects,
    failNext(kind) {
      // What a closed connection swallowed the package itself sends once more.
      fault = { kind, left: kind === 'answer-lost' || kind === 'never-arrives' ? 2 : 1 };
    },
    move(id, status) {
      const moved = objects.get(id);
      if (moved !== undefined) moved.status = status;
    },
    of: (id) =>
      [...objects.values()].filter(({ metadata }) => metadata['florin_transaction'] === id),
    forgetKeys: () => keys.clear(),
    event(type, id, atMs = Date.now()) {
      const event = { id: `evt_${randomUUID()}`, object: 'event', type };
      const payload = JSON.stringify({ ...event, data: { object: objects.get(id) } });
      const options = { payload, secret: WEBHOOK_SECRET, timestamp: Math.floor(atMs / 1000) };
      return { payload, signature: webhooks.generateTestHeaderString(options) };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await mock?.[Symbol.asyncDispose]();
    },
  };
}
