import { Agent, request } from 'node:http';

/** The other side of authentication.ts: sends what it is told, and tells how many went wrong. */

interface Order {
  url: string;
  tokens: string[];
  requests: number;
  connections: number;
  body: string;
}

function send(agent: Agent, { url, body }: Order, token: string, n: number): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': String(n),
    };
    const sent = request(`${url}/v1/transfers`, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 201));
    });
    sent.on('error', () => resolve(false));
    sent.end(body);
  });
}

async function run(order: Order): Promise<void> {
  const { tokens, requests, connections } = order;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  let failed = 0;
  const workers = Array.from({ length: connections }, async () => {
    while (next < requests) {
      const n = next++;
      if (!(await send(agent, order, tokens[n % tokens.length] ?? '', n))) failed++;
    }
  });
  await Promise.all(workers);
  agent.destroy();
  process.send?.(failed);
}

process.on('message', (order: Order) => void run(order));
