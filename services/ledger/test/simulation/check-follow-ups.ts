import { isArrivalId } from '../../domain/arrival-id.ts';
import type { Row } from './memory-tables.ts';
import type { SimulatedShard, SimulatedShards } from './simulated-shards.ts';

/**
 * Whether what was given back and captured is what payments and holds say of it: never more than
 * there was, wherever both sides are. The auditor's model says more, where it follows.
 */
export function problemsOfFollowUps(shards: SimulatedShards): string[] {
  return shards.all.flatMap((shard) => {
    const { transactions, holds } = shard.books.tables;
    const done = doneIn(shard);
    const given = [...transactions.values()].flatMap((row) => {
      const id = String(row['id']);
      const back = sumOf(done, 'reversal', id);
      const reversed = (row['reversed'] as bigint | null | undefined) ?? 0n;
      if (row['type'] === 'hold' || back === reversed) return [];
      return [`transaction ${id} says that ${reversed} were given back, and ${back} were`];
    });
    const captured = [...holds.values()].flatMap((row) => {
      const id = String(row['transaction_id']);
      const { type } = transactions.get(id) ?? {};
      const taken = sumOf(done, 'capture', id);
      if (type !== 'hold' || taken === row['captured']) return [];
      return [`hold ${id} says that ${String(row['captured'])} were captured, and ${taken} were`];
    });
    return [...given, ...captured];
  });
}

/** Follow-ups that came to pass here, by their kind and what they follow from. */
function doneIn({ books }: SimulatedShard): Map<string, Row[]> {
  const { transactions, follow_ups: followUps } = books.tables;
  const rows = [...followUps.values()].flatMap((followUp) => {
    const row = transactions.get(String(followUp['transaction_id']));
    const isDone = row?.['status'] === 'completed' || row?.['status'] === 'reversed';
    // What a capture in another shard brought here is of a hold there, whatever has its id here.
    const isOfHoldElsewhere = row?.['type'] === 'capture' && isArrivalId(String(row['id']));
    return row !== undefined && isDone && !isOfHoldElsewhere ? [{ ...row, ...followUp }] : [];
  });
  return Map.groupBy(rows, (row) => `${String(row['type'])} ${String(row['related_id'])}`);
}

const sumOf = (done: Map<string, Row[]>, type: string, id: string): bigint =>
  (done.get(`${type} ${id}`) ?? []).reduce((sum, { amount }) => sum + (amount as bigint), 0n);
