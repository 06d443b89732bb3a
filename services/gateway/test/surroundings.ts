import { randomBytes, randomUUID } from 'node:crypto';
import { IDENTITY_REQUESTS, KYC_REQUESTS, SCOPES } from '@florin/contracts';
import { connect, provision, serve, setFlag } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { freshDatabase, freshNats, type NatsServer } from '@florin/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startGateway, type GatewayProcess } from './gateway-process.ts';
import { createLedgerDouble, type LedgerDouble } from './ledger-double.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { id?: string };
}

interface CallOptions {
  body?: string;
  headers?: Record<string, string>;
}

/** A running gateway with real servers, and doubles of its neighbours. */
export interface Surroundings extends AsyncDisposable {
  gateway: GatewayProcess;
  /** Another gateway of the same platform. A path of `call` may be a whole URL of it. */
  startAnother(): Promise<GatewayProcess>;
  nats: NatsServer;
  ledger: LedgerDouble;
  pool: ReturnType<typeof createHotPool>;
  /** A person with two wallets, and the wallet of somebody else. */
  ana: { token: string; wallet: string; savings: string };
  strangersWallet: string;
  call(method: string, path: string, init?: CallOptions): Promise<Answer>;
  /** A payment by Ana, with a fresh key unless one is given. */
  pay(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

async function createIdentityDouble() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA' };
  const tokenOf = (sub: string): Promise<string> =>
    new SignJWT({
      kind: 'user',
      roles: ['user'],
      sid: randomUUID(),
      // Signed in just now: nothing asks for a proof again.
      auth_time: Math.floor(Date.now() / 1000),
      scope: SCOPES.filter((scope) => scope !== 'admin').join(' '),
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' })
      .setSubject(sub)
      .setIssuer('florin')
      .setAudience('florin')
      .setExpirationTime('1h')
      .sign(privateKey);
  return { jwk, tokenOf };
}

const newKey = (): string => randomBytes(32).toString('base64url');

export async function createSurroundings(
  environment: Record<string, string> = {},
): Promise<Surroundings> {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await freshNats());
  const url = await freshDatabase('gateway', new URL('../migrations', import.meta.url));
  const pool = stack.adopt(createHotPool({ url, applicationName: 'test' }), (it) => it.end());
  const log = createLogger('test', 'silent');
  const bus = stack.use(await connect({ url: nats.url, name: 'ledger', log }));
  await provision(bus);
  // The double is a ledger, nobody scores: payments go to it straight.
  await setFlag(bus, 'fraud-scoring', 'off', 'test');
  const keys = { gateway: { g1: newKey() } };
  const ledger = stack.use(createLedgerDouble(bus, keys));
  const identity = await createIdentityDouble();
  stack.use(serve(bus, KYC_REQUESTS.getPerson, async () => ({ kyc: null })));
  stack.use(serve(bus, IDENTITY_REQUESTS.getKeys, async () => ({ keys: [identity.jwk] })));

  const anaId = randomUUID();
  const [wallet, savings, strangersWallet] = [randomUUID(), randomUUID(), randomUUID()];
  ledger.openWallet(wallet, anaId);
  ledger.openWallet(savings, anaId);
  ledger.openWallet(strangersWallet, randomUUID());
  const token = await identity.tokenOf(anaId);

  const startOne = async (): Promise<GatewayProcess> =>
    startGateway({
      POSTGRES_URL: url,
      NATS_URL: nats.url,
      SIGNING_KEYS: JSON.stringify(keys),
      CONTEXT_KEY: contextKey,
      ...environment,
    });
  const contextKey = newKey();
  const gateway = stack.use(await startOne());
  const call = async (method: string, path: string, init: CallOptions = {}): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    const response = await fetch(new URL(path, gateway.url), { ...init, method, headers });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Answer['body'];
    return { status: response.status, headers: response.headers, body };
  };
  const held = stack.move();
  return {
    gateway,
    startAnother: startOne,
    nats,
    ledger,
    pool,
    ana: { token, wallet, savings },
    strangersWallet,
    call,
    pay: (path, body, headers = {}) =>
      call('POST', path, {
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
          ...headers,
        },
      }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
