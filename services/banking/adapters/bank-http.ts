import { Pool, type Dispatcher } from 'undici';
import { z } from 'zod';
import type { Answer } from '../domain/apply-answer.ts';
import type { BankApi } from './bank-api.ts';
import { BankFault, bankFaultOf } from './bank-fault.ts';

export interface BankHttpOptions {
  name: string;
  url: string;
  connections: number;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
}

const ANSWER_BYTES_MAX = 64 * 1024;

const report = z.object({
  paymentId: z.string().regex(/^[\x20-\x7e]{1,100}$/),
  status: z.enum(['settled', 'declined', 'pending']),
});

/** The bank understood the order and will not execute it. */
const DECLINED = new Set([400, 402, 413, 422]);
/** The door stayed closed: our credentials, our address of the bank, or too many calls of ours. */
const TURNED_AWAY = new Set([401, 403, 404, 405, 429]);

interface Reply {
  status: number;
  body: unknown;
}

function answerOf({ body }: Reply, name: string): Answer {
  const parsed = report.safeParse(body);
  if (!parsed.success) throw new BankFault(`bank ${name} answered in other words`, true);
  const { status, paymentId } = parsed.data;
  return status === 'settled' ? { type: status, bankReference: paymentId } : { type: status };
}

/** @throws BankFault for every status that leaves open whether the payment was executed */
function answerToAsk(reply: Reply, name: string): Answer {
  if (reply.status === 200 || reply.status === 202) return answerOf(reply, name);
  if (DECLINED.has(reply.status)) return { type: 'declined' };
  if (TURNED_AWAY.has(reply.status)) return { type: 'not-executed' };
  throw new BankFault(`bank ${name} answered ${reply.status}`, true);
}

function answerToStatus(reply: Reply, name: string): Answer {
  if (reply.status === 200) return answerOf(reply, name);
  if (reply.status === 404) return { type: 'never-seen' };
  throw new BankFault(`bank ${name} answered ${reply.status}`, true);
}

async function readReply({ statusCode, body }: Dispatcher.ResponseData): Promise<Reply> {
  const text = await body.text();
  try {
    return { status: statusCode, body: JSON.parse(text) as unknown };
  } catch {
    return { status: statusCode, body: undefined };
  }
}

/** Opens a pool of kept connections to one bank. It connects at the first call. */
export function createBankHttp(options: BankHttpOptions): BankApi {
  const { name, url, connections, connectTimeoutMs, requestTimeoutMs } = options;
  const base = new URL(url);
  const prefix = base.pathname.replace(/\/$/, '');
  const pool = new Pool(base.origin, {
    connections,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs },
    maxResponseSize: ANSWER_BYTES_MAX,
  });

  async function exchange(request: { method: 'GET' | 'POST'; path: string; body?: string }) {
    try {
      const response = await pool.request({
        ...request,
        path: prefix + request.path,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        // One limit for everything: a bank that sends its answer byte by byte is no better.
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      return await readReply(response);
    } catch (error) {
      throw bankFaultOf(name, error);
    }
  }

  return {
    async ask({ transactionId, kind, amount, currency, account }) {
      const order = {
        idempotencyKey: transactionId,
        kind,
        amount: String(amount),
        currency,
        account,
      };
      const body = JSON.stringify(order);
      return answerToAsk(await exchange({ method: 'POST', path: '/payments', body }), name);
    },
    async checkStatus({ transactionId }) {
      const path = `/payments/${transactionId}`;
      return answerToStatus(await exchange({ method: 'GET', path }), name);
    },
    close: () => pool.destroy(),
  };
}
