import { accessOf } from '@florin/messaging';
import type { Secrets } from './secrets.ts';
import { DEMO_CLIENT, DEMO_OPERATOR, DEMO_PEOPLE } from './demo-accounts.ts';
import { shardEnvironment } from './ledger-shards.ts';
import { LOCAL_RATE_LIMITS } from './rate-limits.ts';
import type { StateFolder } from './state-folder.ts';

export interface Surroundings {
  state: StateFolder;
  secrets: Secrets;
  natsUrl: string;
  /** Key by user of our own nats-server; empty for somebody else's. */
  natsSeeds: Record<string, string>;
  /** Per service that has a database, or instance that has one of its own. */
  databaseUrls: Record<string, string>;
  ledgerShards: number;
  /** Per instance that has a fixed address. */
  ports: Record<string, number>;
  /** The simulated banks, once they run. */
  banks: Bank[];
  /** Where the simulated exchange publishes rates, once it runs. */
  ratesUrl?: string;
  /** Where the simulated provider links accounts, once it runs. */
  linkingUrl?: string;
}

export interface Bank {
  name: string;
  url: string;
}

type Variables = Record<string, string>;

/** What only one service asks for, see its config.ts. */
const OWN: Record<string, (around: Surroundings) => Variables> = {
  web: ({ ports }) => ({
    GATEWAY_URL: `http://127.0.0.1:${ports['gateway'] ?? 0}`,
    ...(ports['bank-simulator'] && {
      BANK_CONTROL_URL: `http://127.0.0.1:${ports['bank-simulator']}`,
    }),
  }),
  gateway: ({ secrets, ports }) => ({
    CONTEXT_KEY: secrets.contextKey,
    RATE_LIMITS: LOCAL_RATE_LIMITS,
    // Several would have to tell each other what is over, and there is no store for it here.
    READ_CACHE: ports['gateway-2'] === undefined ? 'own' : 'off',
    CUSTOM_ASSETS: JSON.stringify([{ code: 'MILES/0', name: 'Miles', unitsPerDollar: '100' }]),
  }),
  notifications: ({ secrets, state }) => ({
    SECRETS_KEY: secrets.webhookSealingKey,
    // Nobody sends mails here: developers read them.
    MAIL_FOLDER: state.file('outbox'),
    // Who tries it out listens on this machine.
    WEBHOOKS_ALLOW_PRIVATE: 'true',
  }),
  ledger: ({ state }) => ({ ARCHIVE_DIR: state.file('archive') }),
  payments: ({ secrets }) => ({ SECRETS_KEY: secrets.paymentsSealingKey }),
  auditor: ({ secrets }) => ({ AUDIT_KEY: secrets.auditKey }),
  banking: ({ banks, ratesUrl, linkingUrl, secrets }) => ({
    BANKS: JSON.stringify(banks),
    SECRETS_KEY: secrets.bankingSealingKey,
    ...(linkingUrl && { LINKING_URL: linkingUrl }),
    ...(ratesUrl && { RATES_URL: ratesUrl }),
  }),
  'bank-simulator': ({ state }) => ({ STATE_FILE: state.file('bank-simulator.journal') }),
  identity: ({ secrets, ports }) => ({
    MASTER_KEYS: JSON.stringify(secrets.masterKeys),
    BLIND_INDEX_KEY: secrets.indexKey,
    WEB_URL: `http://127.0.0.1:${ports['web'] ?? ports['gateway'] ?? 0}`,
    // Operators of a development system read the letters, too.
    LETTERS_READABLE: 'true',
    ERASURE_WAIT: '0',
    SEED_USERS: JSON.stringify(
      [DEMO_OPERATOR, ...DEMO_PEOPLE].map((person) => ({
        ...person,
        password: secrets.demoPasswords[person.email],
      })),
    ),
    SEED_CLIENTS: JSON.stringify([{ ...DEMO_CLIENT, clientSecret: secrets.clientSecret }]),
  }),
};

/** Its own key to sign with, and those it checks signatures by: a stolen one forges no other's. */
function signingKeysOf(service: string, { signingKeys }: Secrets): Secrets['signingKeys'] {
  const needed = new Set([service, ...(accessOf(service)?.trusts ?? [])]);
  return Object.fromEntries(Object.entries(signingKeys).filter(([owner]) => needed.has(owner)));
}

/** The environment of a service: what it needs to know, and no secret of another one. */
export function environmentOf(
  instance: { name: string; service: string },
  around: Surroundings,
): Variables {
  const { service, name } = instance;
  const postgresUrl = around.databaseUrls[name] ?? around.databaseUrls[service];
  const port = around.ports[name];
  const natsNkey = around.natsSeeds[service];
  return {
    HOST: '127.0.0.1',
    METRICS_PORT: '0',
    NATS_URL: around.natsUrl,
    ...(natsNkey && { NATS_NKEY: natsNkey }),
    SIGNING_KEYS: JSON.stringify(signingKeysOf(service, around.secrets)),
    ...(postgresUrl && { POSTGRES_URL: postgresUrl }),
    ...(port && { PORT: String(port) }),
    ...shardEnvironment(instance, around.ledgerShards),
    ...OWN[service]?.(around),
  };
}
