import { microsFromIso } from '../../domain/iso-time.ts';
import type { Statement } from './memory-statements.ts';
import type { MemorySession } from './memory-session.ts';
import type { Row } from './memory-tables.ts';
import { listOf, unnested } from './unnested.ts';

/** The statements of sql/departures.ts and sql/arrivals.ts, as far as the lanes use them. */

const byTime = (a: Row, b: Row): number => Number(a['departed_us']) - Number(b['departed_us']);

/** Both entries of something that was credited for another shard. */
function entriesOf(session: MemorySession, arrival: Row): Row[] {
  const { account_id, account_sequence, transaction_id } = arrival;
  const paid = session.get('transactions', String(transaction_id)) ?? {};
  const sides = [
    [account_id, account_sequence],
    [paid['counterparty_wallet_id'], paid['counterparty_sequence']],
  ];
  const found = sides.map((side) => session.get('entries', side.map(String).join(' ')));
  return found.filter((entry) => entry !== undefined);
}

export const crossingStatements: Record<string, Statement> = {
  'write-departures': async (session, { text, values }) => {
    const [rows = []] = unnested(text, values);
    for (const row of rows) {
      await session.insert('departures', { ...row, settled_us: null, credited: null });
    }
    return rows.length;
  },
  'settle-departures': async (session, { text, values, nowMs }) => {
    let settled = 0;
    for (const { transaction_id: id, credited } of unnested(text, values)[0] ?? []) {
      const change = () => ({ settled_us: BigInt(Math.floor(nowMs * 1000)), credited });
      settled += Number(await session.update('departures', String(id), change));
    }
    return settled;
  },
  'find-departures': async (session, { values }) => {
    const wanted = new Set(listOf(values[0]).map(Number));
    const since = BigInt(microsFromIso(String(values[1])));
    return session
      .select('departures', ({ settled_us, departed_us }) => {
        return settled_us === null && (departed_us as bigint) < since;
      })
      .filter(({ partition }) => wanted.has(Number(partition)))
      .toSorted(byTime)
      .slice(0, Number(values[2]))
      .map(({ transaction_id: id }) => ({ id }));
  },
  'write-arrivals': async (session, { text, values }) => {
    const [rows = []] = unnested(text, values);
    for (const row of rows) await session.insert('arrivals', row);
    return rows.length;
  },
  'find-arrivals': async (session, { values }) => {
    const wanted = new Set(listOf(values[0]).map(String));
    return session
      .select('arrivals', ({ transaction_id }) => wanted.has(String(transaction_id)))
      .flatMap((arrival) => entriesOf(session, arrival))
      .toSorted((a, b) => Number((a['delta'] as bigint) - (b['delta'] as bigint)));
  },
};
