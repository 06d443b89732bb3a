import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, linkHash, NO_HASH } from '../domain/audit-record.ts';
import { createRootSigner, documentHash, writeRoot } from '../domain/signed-root.ts';
import { readHeads } from '../sql/log-records.ts';
import { verifySnapshot, type Tampering } from '../verify-log.ts';
import { actionOf, createBooks, openLog, tampered, type Log } from './log-surroundings.ts';

/**
 * Hunts a change of the log that a verification does not find, or finds elsewhere: somebody who
 * may do everything in the database, and whom no trigger stops, changes it in all the ways there
 * are, each at twenty places.
 */

const PARTITIONS = 4;
const ROUNDS = 10;
const PLACES = 20;

let log: Log;

/** The same places in every run. */
function createDice(seed: number) {
  let state = seed;
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % sides;
  };
}

beforeAll(async () => {
  log = await openLog();
  const books = createBooks(PARTITIONS);
  await log.tell(books.wallets.map((wallet) => books.open(wallet)));
  for (let round = 0; round < ROUNDS; round++) {
    const deposits = books.wallets.map((wallet) => books.deposit(wallet, 1_000n));
    await log.tell(deposits);
    const transfers = books.wallets.map((from, at) =>
      books.transfer(from, books.wallets[(at + 1) % books.wallets.length] ?? from, 7n),
    );
    await log.tell(transfers);
    await log.act([actionOf('operator-1'), actionOf('operator-2')]);
    await log.signRoot();
  }
  // Some records lie behind the last root, as they do at any time.
  await log.tell(books.wallets.map((wallet) => books.deposit(wallet, 5n)));
});
afterAll(() => log[Symbol.asyncDispose]());

interface Place {
  chain: string;
  place: number;
  /** Of the last record that a root covers. */
  covered: number;
  last: number;
}

/** What was changed: where a verification must point at. */
type Expected = { chain: string; place: number } | { root: number };
type Tamper = (
  client: pg.PoolClient,
  at: Place,
  roll: (sides: number) => number,
) => Promise<Expected>;

const CHANGE = `replace(body, '"amount":"', '"amount":"9')`;
const AT = 'WHERE chain = $1 AND place = $2';

interface Stored {
  place: bigint;
  body: string;
}

/** Makes all hashes of a chain right again, from a place to its end. */
async function relink(client: pg.PoolClient, chain: string, from: number): Promise<void> {
  const before = await client.query<{ hash: Buffer }>(`SELECT hash FROM records ${AT}`, [
    chain,
    from - 1,
  ]);
  let hash = before.rows[0]?.hash ?? NO_HASH;
  let end = from - 1;
  const { rows } = await client.query<Stored>(
    'SELECT place, body FROM records WHERE chain = $1 AND place >= $2 ORDER BY place',
    [chain, from],
  );
  for (const { place, body } of rows) {
    end = Number(place);
    hash = linkHash(hash, digestOf(chain, end, body));
    await client.query(`UPDATE records SET hash = $3 ${AT}`, [chain, end, hash]);
  }
  await client.query('UPDATE chains SET place = $2, hash = $3 WHERE chain = $1', [
    chain,
    end,
    hash,
  ]);
}

/** Moves the records from a place on by one. In two steps: no two may have one place meanwhile. */
async function shift(client: pg.PoolClient, chain: string, from: number, by: 1 | -1) {
  await client.query(
    'UPDATE records SET place = -(place + $3::bigint) WHERE chain = $1 AND place >= $2',
    [chain, from, by],
  );
  await client.query('UPDATE records SET place = -place WHERE chain = $1 AND place < 0', [chain]);
}

async function insertForged(client: pg.PoolClient, { chain, place }: Place): Promise<void> {
  await client.query(
    `INSERT INTO records
     SELECT chain, $3::bigint, event_id || '-forged', type, actor, transaction_id, at,
            replace(body, event_id, event_id || '-forged'), hash
       FROM records ${AT}`,
    [chain, place === 1 ? 2 : place - 1, place],
  );
}

/** Signs all roots anew, as somebody without the key has to: by a key of their own. */
async function resignRoots(client: pg.PoolClient, chain: string): Promise<void> {
  const thief = createRootSigner(randomBytes(32).toString('base64url'));
  const { rows } = await client.query<{ number: bigint; at: Date; document: string }>(
    'SELECT number, at, document FROM roots ORDER BY number',
  );
  let previous = '0'.repeat(64);
  for (const { number, at, document } of rows) {
    const { heads } = JSON.parse(document) as { heads: [string, number, string][] };
    const read = await client.query<{ place: bigint; hash: Buffer }>(
      'SELECT place, hash FROM records WHERE chain = $1',
      [chain],
    );
    const hashes = new Map(read.rows.map((row) => [Number(row.place), row.hash]));
    const changed = heads.map(([name, place, hash]) => ({
      chain: name,
      place,
      hash: (name === chain ? hashes.get(place) : undefined) ?? Buffer.from(hash, 'hex'),
    }));
    const text = writeRoot({ number: Number(number), at, previous }, changed);
    const { signature } = thief.sign(text);
    await client.query('UPDATE roots SET document = $2, signature = $3 WHERE number = $1', [
      number,
      text,
      signature,
    ]);
    previous = documentHash(text);
  }
}

const KINDS: Record<string, Tamper> = {
  async 'a byte of a record changed'(client, { chain, place }) {
    await client.query(
      `UPDATE records SET body = overlay(body placing '~' from length(body) / 2) ${AT}`,
      [chain, place],
    );
    return { chain, place };
  },
  async 'an amount changed, its hash made to fit'(client, { chain, place }) {
    const read = await client.query<Stored & { before: Buffer | null }>(
      `SELECT ${CHANGE} AS body,
              (SELECT hash FROM records WHERE chain = $1 AND place = $2 - 1) AS before
         FROM records ${AT}`,
      [chain, place],
    );
    const [row] = read.rows;
    const body = `${row?.body ?? ''} `;
    const hash = linkHash(row?.before ?? NO_HASH, digestOf(chain, place, body));
    await client.query(`UPDATE records SET body = $3, hash = $4 ${AT}`, [chain, place, body, hash]);
    return { chain, place };
  },
  async 'a record changed with what is noted beside it'(client, { chain, place }) {
    await client.query(
      `UPDATE records SET event_id = event_id || 'x',
              body = replace(body, event_id, event_id || 'x') ${AT}`,
      [chain, place],
    );
    return { chain, place };
  },
  async 'a record removed'(client, { chain, place }) {
    await client.query(`DELETE FROM records ${AT}`, [chain, place]);
    return { chain, place };
  },
  async 'a record removed, those behind it moved up'(client, { chain, place }) {
    await client.query(`DELETE FROM records ${AT}`, [chain, place]);
    await shift(client, chain, place + 1, -1);
    await client.query('UPDATE chains SET place = place - 1 WHERE chain = $1', [chain]);
    return { chain, place };
  },
  async 'the end of a chain cut off, as if it had never been'(client, { chain, covered }, roll) {
    const place = 2 + roll(covered - 1);
    await client.query('DELETE FROM records WHERE chain = $1 AND place >= $2', [chain, place]);
    await relink(client, chain, place);
    await client.query(
      `UPDATE chains SET place = $2,
              hash = (SELECT hash FROM records WHERE chain = $1 AND place = $2) WHERE chain = $1`,
      [chain, place - 1],
    );
    return { chain, place };
  },
  async 'a record put in'(client, at) {
    await shift(client, at.chain, at.place, 1);
    await insertForged(client, at);
    await client.query('UPDATE chains SET place = place + 1 WHERE chain = $1', [at.chain]);
    return at;
  },
  async 'a record put in, all hashes behind it made to fit'(
    client,
    { chain, covered, last },
    roll,
  ) {
    const place = 1 + roll(covered);
    const at = { chain, place, covered, last };
    await shift(client, chain, place, 1);
    await insertForged(client, at);
    await relink(client, chain, place);
    return at;
  },
  async 'two neighbours swapped'(client, { chain, last }, roll) {
    const place = 1 + roll(last - 1);
    await client.query('UPDATE records SET place = 0 WHERE chain = $1 AND place = $2', [
      chain,
      place,
    ]);
    await client.query('UPDATE records SET place = place - 1 WHERE chain = $1 AND place = $2 + 1', [
      chain,
      place,
    ]);
    await client.query('UPDATE records SET place = $2 + 1 WHERE chain = $1 AND place = 0', [
      chain,
      place,
    ]);
    return { chain, place };
  },
  async 'a chain rewritten with all its hashes'(client, { chain, covered }, roll) {
    const place = 1 + roll(covered);
    await client.query(`UPDATE records SET body = body || ' ' ${AT}`, [chain, place]);
    await relink(client, chain, place);
    return { chain, place };
  },
  async 'a chain rewritten, and all roots signed by another key'(client, { chain, covered }, roll) {
    const place = 1 + roll(covered);
    await client.query(`UPDATE records SET body = body || ' ' ${AT}`, [chain, place]);
    await relink(client, chain, place);
    await resignRoots(client, chain);
    return { chain, place };
  },
  async 'a byte of a hash changed'(client, { chain, place }, roll) {
    await client.query(
      `UPDATE records SET hash = set_byte(hash, $3, get_byte(hash, $3) # 1) ${AT}`,
      [chain, place, roll(32)],
    );
    return { chain, place };
  },
  async 'another person noted beside a record'(client, { chain, place }) {
    await client.query(`UPDATE records SET actor = 'somebody-else' ${AT}`, [chain, place]);
    return { chain, place };
  },
  async 'another time noted beside a record'(client, { chain, place }) {
    await client.query(`UPDATE records SET at = at - interval '1 ms' ${AT}`, [chain, place]);
    return { chain, place };
  },
  async 'a record moved to the end of another chain'(client, { chain, place }) {
    const other = chain === 'evt-00' ? 'evt-01' : 'evt-00';
    await client.query(
      `UPDATE records
          SET chain = $3, place = (SELECT place + 1 FROM chains WHERE chain = $3) ${AT}`,
      [chain, place, other],
    );
    return { chain, place };
  },
  async 'a whole chain removed'(client, { chain }) {
    await client.query('DELETE FROM records WHERE chain = $1', [chain]);
    await client.query('DELETE FROM chains WHERE chain = $1', [chain]);
    return { chain, place: 1 };
  },
  async 'the end of a chain noted elsewhere'(client, { chain, last }) {
    await client.query('UPDATE chains SET place = place + 3 WHERE chain = $1', [chain]);
    return { chain, place: last + 1 };
  },
  async 'a root that says something else'(client, _, roll) {
    const root = 1 + roll(ROUNDS);
    await client.query(
      `UPDATE roots SET document = replace(document, '"records":', '"records":1')
        WHERE number = $1`,
      [root],
    );
    return { root };
  },
  async 'a root removed'(client, _, roll) {
    const root = 1 + roll(ROUNDS);
    await client.query('DELETE FROM roots WHERE number = $1', [root]);
    return { root };
  },
  async 'a root dated back'(client, _, roll) {
    const root = 1 + roll(ROUNDS);
    await client.query(`UPDATE roots SET at = at - interval '1 h' WHERE number = $1`, [root]);
    return { root };
  },
};

const pointsAt = (expected: Expected, found: Tampering): boolean =>
  'root' in expected
    ? found.root === expected.root
    : found.chain === expected.chain &&
      (found.first ?? Infinity) <= expected.place &&
      (found.last ?? 0) >= expected.place;

describe('a verification', () => {
  const figures: Record<string, string> = {};
  afterAll(() => console.log('tampering: kind, found and located of places tried', figures));

  it('finds nothing in a log that nobody has touched', async () => {
    const client = await log.pool.connect();
    const { verifier, witness } = log;
    const whole = await verifySnapshot(client, { pool: log.pool, verifier, witness });
    client.release();
    expect(whole).toMatchObject({ ok: true, roots: ROUNDS, breaks: [] });
    expect(whole.records).toBe(PARTITIONS * 3 * (2 + 2 * ROUNDS) + 2 * ROUNDS);
  });

  it.each(Object.keys(KINDS))('finds %s, and says where', async (kind) => {
    const roll = createDice(kind.length * 7919);
    const published = await log.witness();
    const chains = (await readHeads(log.pool)).filter(({ chain }) => chain.startsWith('evt'));
    const document = JSON.parse(published?.document ?? '') as { heads: [string, number][] };
    const missed: unknown[] = [];
    let found = 0;
    for (let trial = 0; trial < PLACES; trial++) {
      const head = chains[roll(chains.length)] as (typeof chains)[number];
      const covered = document.heads.find(([chain]) => chain === head.chain)?.[1] ?? 0;
      const at: Place = {
        chain: head.chain,
        place: 1 + roll(head.place),
        covered,
        last: head.place,
      };
      let expected: Expected = at;
      const { ok, breaks } = await tampered(
        log.pool,
        async (client) => {
          expected = await (KINDS[kind] as Tamper)(client, at, roll);
        },
        (client) =>
          verifySnapshot(client, {
            pool: log.pool,
            verifier: log.verifier,
            witness: async () => published,
          }),
      );
      if (!ok && breaks.some((one) => pointsAt(expected, one))) found += 1;
      else missed.push({ expected, breaks });
    }
    figures[kind] = `${found} of ${PLACES}`;
    expect(missed).toEqual([]);
  });
});
