import type { MemorySession } from './memory-session.ts';
import type { Row } from './memory-tables.ts';
import { listOf } from './unnested.ts';
import type { Statement } from './memory-statements.ts';

/** The statements of shared/postgres/lease-table.ts, over the table `partitions`. */

const isAlive = (session: MemorySession, owner: unknown, withinMs: number, nowMs: number) =>
  Number(session.get('lease_members', String(owner))?.['seen_ms'] ?? -Infinity) > nowMs - withinMs;

const byPartition = (a: Row, b: Row): number => Number(a['partition']) - Number(b['partition']);

export const leaseStatements: Record<string, Statement> = {
  'lease-beat-partitions': async (session, { values, nowMs }) => {
    const owner = String(values[1]);
    const seen = { owner, seen_ms: nowMs };
    const known = await session.update('lease_members', owner, () => seen);
    if (!known) await session.insert('lease_members', seen);
    return 1;
  },
  'lease-survey-partitions': async (session, { values, nowMs }) => {
    const leaseMs = Number(values[0]);
    const alive = (owner: unknown) => isAlive(session, owner, leaseMs, nowMs);
    const members = session.select('lease_members', ({ owner }) => alive(owner)).length;
    return session
      .select('partitions', () => true)
      .toSorted(byPartition)
      .map(({ partition, epoch, owner }) => ({
        partition,
        epoch,
        owner,
        members,
        alive: owner !== null && alive(owner),
      }));
  },
  'lease-acquire-partitions': async (session, { values }) => {
    const [owner, partitions, epochs, wanted] = values;
    const epochOf = new Map(
      listOf(partitions).map((one, i) => [Number(one), BigInt(String(listOf(epochs)[i]))]),
    );
    const where = (row: Row) => epochOf.get(Number(row['partition'])) === row['epoch'];
    const free = session
      .select('partitions', where)
      .toSorted(byPartition)
      .filter((row) => session.isFree('partitions', row))
      .slice(0, Number(wanted));
    const taken: Row[] = [];
    for (const { partition } of await session.lock('partitions', free, where)) {
      const key = String(partition);
      await session.update('partitions', key, (row) => ({
        owner,
        epoch: (row['epoch'] as bigint) + 1n,
      }));
      taken.push(session.get('partitions', key) ?? {});
    }
    return taken;
  },
  'lease-release-partitions': async (session, { values }) => {
    const [partition, owner, epoch] = values;
    const where = (row: Row) => row['owner'] === owner && row['epoch'] === BigInt(String(epoch));
    return Number(
      await session.update('partitions', String(partition), () => ({ owner: null }), where),
    );
  },
  'lease-leave-partitions': async (session, { values: [owner] }) => {
    await session.update('lease_members', String(owner), () => ({ seen_ms: -Infinity }));
    const own = session.select('partitions', (row) => row['owner'] === owner);
    for (const { partition } of own.toSorted(byPartition)) {
      const where = (row: Row) => row['owner'] === owner;
      await session.update('partitions', String(partition), () => ({ owner: null }), where);
    }
    return own.length;
  },
};
