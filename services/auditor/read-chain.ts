import type pg from 'pg';
import { digestOf, factsOfBody, linkHash, NO_HASH, sameFacts } from './domain/audit-record.ts';
import type { RecordFacts } from './domain/audit-record.ts';
import type { Tampering } from './verify-log.ts';

/** Rows of a chain that are in memory at a time. */
const PAGE = 1000;

interface RecordRow extends RecordFacts {
  place: bigint;
  body: string;
  hash: Buffer;
}

const pageSql = `
  SELECT place, event_id AS "eventId", type, actor, transaction_id AS "transactionId", at,
         body, hash
    FROM records WHERE chain = $1 AND place > $2 ORDER BY place LIMIT $3`;

/** Reads one chain forward, as far as the roots that are compared with it go. */
export interface ChainReader {
  /** Reads on to the place, and compares its hash with what a root says. */
  compare(root: number, place: number, hash: Buffer): Promise<void>;
  /** Reads to the end, and compares it with what the log believes to be the end. */
  end(head: { place: number; hash: Buffer } | undefined): Promise<void>;
  records(): number;
}

/**
 * Checks the links of a chain. Behind a broken one it goes on with the hash that is stored, so that
 * every change is found, and each once.
 */
export function readChain(
  client: pg.PoolClient,
  chain: string,
  start: { place: number; hash: Buffer } | undefined,
  report: (found: Tampering) => void,
): ChainReader {
  let page: RecordRow[] = [];
  let at = 0;
  let ended = false;
  let records = 0;
  let place = start?.place ?? 0;
  let hash = start?.hash ?? NO_HASH;
  /** The last place that a root has confirmed. */
  let confirmed = place;
  /** Differs from the roots already: those that follow can only say so again. */
  let differs = false;

  async function next(): Promise<RecordRow | undefined> {
    if (at === page.length && !ended) {
      const after = page.at(-1)?.place ?? place;
      const values = [chain, after, PAGE];
      ({ rows: page } = await client.query<RecordRow>({ name: 'chain', text: pageSql, values }));
      at = 0;
      ended = page.length < PAGE;
    }
    return page[at];
  }

  function check(row: RecordRow): void {
    const here = Number(row.place);
    const expected = place + 1;
    records += 1;
    if (here !== expected) {
      const detail = `${chain}: records ${expected} to ${here - 1} are missing`;
      report({ kind: 'record-missing', chain, first: expected, last: here - 1, detail });
    } else if (!linkHash(hash, digestOf(chain, here, row.body)).equals(row.hash)) {
      const [first, last] = [Math.max(1, here - 1), here];
      const detail = `${chain}: record ${here} does not follow from record ${here - 1}`;
      report({ kind: 'link-broken', chain, first, last, detail });
    }
    const facts = factsOfBody(row.body);
    if (facts === undefined || !sameFacts(facts, row)) {
      const detail = `${chain}: what is noted beside record ${here} is not what it says`;
      report({ kind: 'record-changed', chain, first: here, last: here, detail });
    }
    place = here;
    hash = row.hash;
  }

  /** Reads on, to a place or to the end. */
  async function advance(to: number): Promise<void> {
    for (let row = await next(); row && Number(row.place) <= to; row = await next()) {
      check(row);
      at += 1;
    }
  }

  return {
    async compare(root, upTo, signed) {
      await advance(upTo);
      if (place === upTo && hash.equals(signed)) {
        confirmed = upTo;
        differs = false;
        return;
      }
      if (differs) return;
      differs = true;
      const isShort = place < upTo;
      const [first, last] = [(isShort ? Math.min(place, upTo - 1) : confirmed) + 1, upTo];
      const detail = isShort
        ? `${chain}: root ${root} covers ${upTo} records, those from ${first} on are missing`
        : `${chain}: record ${upTo} is not the one that root ${root} was signed over`;
      report({
        kind: isShort ? 'record-missing' : 'root-differs',
        chain,
        first,
        last,
        root,
        detail,
      });
    },
    async end(head) {
      await advance(Infinity);
      if (head && head.place === place && head.hash.equals(hash)) return;
      if (head === undefined && place === 0) return;
      const [first, last] = [Math.min(place, head?.place ?? 0), Math.max(place, head?.place ?? 0)];
      const detail = `${chain}: ends with record ${place}, said to end with ${head?.place ?? 0}`;
      report({ kind: 'head-differs', chain, first, last, detail });
    },
    records: () => records,
  };
}
