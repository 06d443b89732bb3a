import { randomBytes } from 'node:crypto';
import { createNkeySeed, KEYED_USERS } from '@florin/messaging';
import { databaseOf, ownerOf } from './service-plan.ts';
import type { StateFolder } from './state-folder.ts';

/** Made once per installation: no two have a password or a key in common. */
export interface Secrets {
  /** Service → key id → key: every service signs with its own. */
  signingKeys: Record<string, Record<string, string>>;
  /** User of nats-server → its key: every service proves itself with its own. */
  natsSeeds: Record<string, string>;
  /** Of whoever connects to nats-server without credentials, which the server asks to exist. */
  natsObserverPassword: string;
  /** Role of Postgres → its password: a database has an owner and a service. */
  databasePasswords: Record<string, string>;
  demoPasswords: Record<string, string>;
  clientSecret: string;
  /** What the keys of users are wrapped by, and what e-mails are found by. */
  masterKeys: Record<string, string>;
  indexKey: string;
  /** What devices and addresses are known by in the streams. */
  contextKey: string;
  /** Seals the secrets of webhooks. */
  webhookSealingKey: string;
  /** Seals the e-mails of payment requests. */
  paymentsSealingKey: string;
  /** Seals what banks know linked accounts by. */
  bankingSealingKey: string;
  /** Seed of the key that roots of the audit log are signed by. */
  auditKey: string;
}

const FILE = 'secrets.json';

/** Reads the secrets of an installation, and adds those of services and people that are new. */
export function readSecrets(state: StateFolder, services: string[], emails: string[]): Secrets {
  // Written by an earlier version perhaps: what it did not know of is made now.
  const known = state.read<Partial<Secrets>>(FILE);
  const secrets: Secrets = {
    signingKeys: Object.fromEntries(
      services.map((name) => [name, known?.signingKeys?.[name] ?? { [`${name}-1`]: random(32) }]),
    ),
    natsSeeds: Object.fromEntries(
      KEYED_USERS.map((name) => [name, known?.natsSeeds?.[name] ?? createNkeySeed()]),
    ),
    natsObserverPassword: known?.natsObserverPassword ?? random(18),
    databasePasswords: Object.fromEntries(
      services
        .flatMap((name) => [databaseOf(name), ownerOf(name)])
        .map((role) => [role, known?.databasePasswords?.[role] ?? random(24)]),
    ),
    demoPasswords: Object.fromEntries(
      emails.map((email) => [email, known?.demoPasswords?.[email] ?? random(12)]),
    ),
    clientSecret: known?.clientSecret ?? random(32),
    masterKeys: known?.masterKeys ?? { 'master-1': random(32) },
    indexKey: known?.indexKey ?? random(32),
    contextKey: known?.contextKey ?? random(32),
    webhookSealingKey: known?.webhookSealingKey ?? random(32),
    paymentsSealingKey: known?.paymentsSealingKey ?? random(32),
    bankingSealingKey: known?.bankingSealingKey ?? random(32),
    auditKey: known?.auditKey ?? random(32),
  };
  state.write(FILE, secrets);
  return secrets;
}

const random = (bytes: number): string => randomBytes(bytes).toString('base64url');
