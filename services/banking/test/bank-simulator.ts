import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface BankStatement {
  totals: { kind: string; currency: string; count: number; amount: string }[];
  payments: { idempotencyKey: string }[];
}

/** The real simulator in a process of its own, with its control API. */
export interface BankSimulator extends AsyncDisposable {
  directoryUrl: string;
  /** Where its exchange publishes rates. */
  ratesUrl(): Promise<string>;
  /** Where accounts are linked. */
  linkingUrl(): Promise<string>;
  /** Does what a person does in the page of a link token. Answers the public token. */
  prove(linkToken: string, account?: Record<string, unknown>): Promise<string>;
  /** How many accounts it may look into. */
  links(): Promise<number>;
  changeExchange(settings: Record<string, unknown>): Promise<void>;
  addresses(): Promise<{ name: string; url: string }[]>;
  change(bank: string, settings: Record<string, unknown>): Promise<void>;
  /** What the bank says it has executed. */
  statement(bank: string): Promise<BankStatement>;
}

const MAIN = fileURLToPath(new URL('../../bank-simulator/main.ts', import.meta.url));

export async function startBankSimulator(
  settings: Record<string, string> = {},
): Promise<BankSimulator> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let url: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url: ready } = JSON.parse(line) as { msg?: string; url?: string };
    if (msg !== 'ready') continue;
    url = ready;
    break;
  }
  if (url === undefined) throw new Error('the bank simulator ended before it was ready');
  child.stdout.resume();

  const call = async (path: string, method = 'GET', body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/control/${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.json();
  };
  return {
    directoryUrl: `${url}/control/banks`,
    async addresses() {
      const { banks } = (await call('banks')) as { banks: { name: string; url: string }[] };
      return banks.map(({ name, url: address }) => ({ name, url: address }));
    },
    async ratesUrl() {
      const { url: at } = (await call('exchange')) as { url: string };
      return `${at}/rates`;
    },
    async linkingUrl() {
      return ((await call('linking')) as { url: string }).url;
    },
    async prove(linkToken, account = {}) {
      const proven = await call('linking/sessions', 'POST', { linkToken, ...account });
      return (proven as { publicToken: string }).publicToken;
    },
    async links() {
      return ((await call('linking')) as { links: number }).links;
    },
    async changeExchange(changes) {
      await call('exchange', 'PUT', changes);
    },
    async change(bank, changes) {
      await call(`banks/${bank}`, 'PUT', changes);
    },
    async statement(bank) {
      return (await call(`banks/${bank}/payments?limit=1000`)) as BankStatement;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
