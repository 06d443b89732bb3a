import { randomBytes } from 'node:crypto';
import { connect, provision, type Bus, type SigningKeys } from '@florin/messaging';
import { createPool, type Database } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { freshDatabase, freshNats } from '@florin/testing';
import { startBankSimulator, type BankSimulator } from './bank-simulator.ts';
import { createLedgerDouble, PARTITIONS, type LedgerDouble } from './ledger-double.ts';

/** Everything banking talks to: real servers, real banks, and a double of the ledger. */
export interface Surroundings extends AsyncDisposable {
  /** The environment of a banking process in here. */
  environment: Record<string, string>;
  simulator: BankSimulator;
  ledger: LedgerDouble;
  database: Database;
  bus: Bus;
  keys: SigningKeys;
}

const newKey = (): string => randomBytes(32).toString('base64url');

export async function createSurroundings(name: string): Promise<Surroundings> {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await freshNats());
  const url = await freshDatabase(name, new URL('../migrations', import.meta.url));
  const database = stack.use(await createPool({ url, applicationName: name }));
  const log = createLogger(name, 'error');
  const bus = stack.use(await connect({ url: nats.url, name: 'ledger', log }));
  await provision(bus);
  const simulator = stack.use(await startBankSimulator());
  const keys: SigningKeys = {
    banking: { b1: newKey() },
    ledger: { l1: newKey() },
    identity: { i1: newKey() },
    gateway: { g1: newKey() },
  };
  const ledger = stack.use(createLedgerDouble(bus, keys));
  const environment = {
    POSTGRES_URL: url,
    NATS_URL: nats.url,
    SIGNING_KEYS: JSON.stringify(keys),
    SECRETS_KEY: newKey(),
    PARTITIONS: String(PARTITIONS),
    BANKS: JSON.stringify(await simulator.addresses()),
    RATES_URL: await simulator.ratesUrl(),
    LINKING_URL: await simulator.linkingUrl(),
  };
  const held = stack.move();
  return {
    environment,
    simulator,
    ledger,
    database,
    bus,
    keys,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
