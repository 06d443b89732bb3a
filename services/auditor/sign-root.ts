import { auditSubject, MANY_WALLETS } from '@florin/contracts';
import { faultText, type Clock } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import { withHotTransaction } from '@florin/postgres';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import { documentHash, readRoot, writeRoot, type RootSigner } from './domain/signed-root.ts';
import { readHeads } from './sql/log-records.ts';
import { insertRoot, lastRoot, type StoredRoot } from './sql/roots.ts';

export const ROOT_TYPE = 'florin.audit-root.v1';
const FIRST_PREVIOUS = '0'.repeat(64);

export interface SignRootDeps {
  pool: pg.Pool;
  signer: RootSigner;
  /** One that signs as the auditor. */
  publisher: Pick<Publisher, 'publish'>;
  clock: Clock;
  log: Logger;
}

/** A root as it is published: whoever keeps it can tell later what the log was. */
export const publishedRoot = ({ document, keyId, signature }: StoredRoot): string =>
  JSON.stringify({ document, keyId, signature: signature.toString('base64url') });

/**
 * Signs the ends of all chains as they are now, where they have changed since the last root. Nobody
 * waits for it: the ends are read as of one moment, and chains go on growing.
 */
export function createSignRoot({ pool, signer, publisher, clock, log }: SignRootDeps) {
  let published = 0;

  async function signNext(): Promise<StoredRoot | undefined> {
    return withHotTransaction(pool, async (client) => {
      const before = await lastRoot(client);
      const heads = await readHeads(client);
      const records = heads.reduce((sum, { place }) => sum + place, 0);
      if (heads.length === 0) return undefined;
      if (before && readRoot(before.document)?.records === records) return before;
      // Times of roots grow, whatever the clock does: they are looked up by it.
      const at = new Date(Math.max(clock.nowMs(), (before?.at.getTime() ?? 0) + 1));
      const number = (before?.number ?? 0) + 1;
      const previous = before === undefined ? FIRST_PREVIOUS : documentHash(before.document);
      const document = writeRoot({ number, at, previous }, heads);
      const root = { number, at, ...signer.sign(document) };
      return (await insertRoot(client, root)) ? root : undefined;
    });
  }

  async function publish(root: StoredRoot): Promise<void> {
    await publisher.publish({
      subject: auditSubject('root'),
      body: publishedRoot(root),
      id: `audit-root-${root.number}`,
      type: ROOT_TYPE,
      wallet: MANY_WALLETS,
      partition: 0,
    });
    published = root.number;
  }

  /** Resolves with the last root there is; never rejects: the next round tries again. */
  return async (): Promise<StoredRoot | undefined> => {
    try {
      const root = await signNext();
      if (root !== undefined && root.number > published) await publish(root);
      return root;
    } catch (error) {
      log.warn({ err: error }, `no root is signed now: ${faultText(error)}`);
      return undefined;
    }
  };
}

export type SignRoot = ReturnType<typeof createSignRoot>;
