import { uuidv7 } from '@florin/kernel';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** Somebody with an access token, calling the REST API as any client would. */
export interface Person {
  /** The access token; empty for a stranger. */
  token: string;
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  /** With a fresh Idempotency-Key unless one is given. */
  pay(
    path: string,
    body: unknown,
    key?: string,
    headers?: Record<string, string>,
  ): Promise<Answer<TransactionAnswer>>;
  wallet(id: string): Promise<WalletAnswer>;
}

export interface TransactionAnswer {
  id: string;
  status: string;
  code?: string;
  balances?: { posted: string; held: string; available: string };
  failure?: { code: string };
  transaction?: TransactionAnswer;
}

export interface WalletAnswer {
  id: string;
  balances: { posted: string; held: string; available: string };
}

export function createPerson(baseUrl: string, token?: string): Person {
  const call: Person['call'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as T,
    };
  };
  return {
    token: token ?? '',
    call,
    pay: (path, body, key = uuidv7(), headers = {}) =>
      call<TransactionAnswer>('POST', path, body, { 'idempotency-key': key, ...headers }),
    wallet: async (id) => (await call<WalletAnswer>('GET', `/v1/wallets/${id}`)).body,
  };
}

/** Registers somebody new and signs in. */
export async function newPerson(baseUrl: string): Promise<Person> {
  const stranger = createPerson(baseUrl);
  const email = `${uuidv7()}@example.com`;
  const password = 'correct horse battery';
  await stranger.call('POST', '/v1/auth/register', { email, password, name: 'Somebody' });
  const { body } = await stranger.call<{ accessToken: string }>('POST', '/v1/auth/login', {
    email,
    password,
  });
  return createPerson(baseUrl, body.accessToken);
}

/** A new wallet in USD, funded through a bank. */
export async function fundedWallet(person: Person, amount = '100000'): Promise<string> {
  const { body } = await person.call<{ id: string }>('POST', '/v1/wallets', { currency: 'USD' });
  if (amount !== '0') {
    await person.pay('/v1/deposits', { walletId: body.id, amount, bankAccount: 'ok' });
  }
  return body.id;
}
