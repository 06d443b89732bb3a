import type { LaneMessage } from '@florin/contracts';
import type { AuditedCommand } from '@florin/testing';
import type { Changes, Letter } from '../domain/changes.ts';
import { creditLetter } from '../domain/depart.ts';
import { ANA, BEN, bench, id, message, settled } from './lane-bench.ts';

/** A lane of a shard, in memory. */
export type ShardLane = ReturnType<typeof bench>;

export const LEA = id(3);
const HERE = new Set([ANA, LEA]);

/** A letter as it lies in the lane of its wallet. */
export const inLane = ({ type, wallet, transactionId, data }: Letter): LaneMessage =>
  ({
    ...message({ do: 'open', wallet, currency: 'USD' }),
    id: transactionId,
    type,
    data,
  }) as LaneMessage;

/** Ana and Lea in one shard, Ben in another: 100 on Ana's wallet and on Ben's. */
export function twoShards() {
  const [near, far] = [bench(), bench()];
  const open = (lane: ShardLane, wallet: string, deposit: number): void => {
    const paid = { do: 'deposit', id: id(deposit), wallet, amount: 100n, currency: 'USD' } as const;
    lane.tell(message({ do: 'open', wallet, currency: 'USD' }));
    lane.tell(message(paid));
    lane.tell(settled(lane.book, { do: 'settle', id: id(deposit), completed: true }));
  };
  near.book.otherShards = {
    isElsewhere: (wallet) => !HERE.has(wallet),
    pairOf: () => '0-1',
    arrivals: new Map(),
  };
  far.book.otherShards = {
    isElsewhere: (wallet) => HERE.has(wallet),
    pairOf: () => '0-1',
    arrivals: new Map(),
  };
  open(near, ANA, 801);
  open(near, LEA, 802);
  open(far, BEN, 803);
  return { near, far };
}

export const transitOf = ({ book }: ShardLane): bigint =>
  [...book.wallets.values()]
    .filter(({ kind }) => kind === 'transit')
    .reduce((sum, { posted }) => sum + posted, 0n);

export const balanceOf = ({ book }: ShardLane, wallet: string) => {
  const { posted = 0n, held = 0n } = book.wallets.get(wallet) ?? {};
  return { posted, held };
};

export const outcomesOf = ({
  outcomes,
}: Changes): { status: string; failure?: { code: string } }[] =>
  outcomes.map(({ json }) => JSON.parse(json()).transaction);

/** What follows from a transaction, in the lane of whoever pays for it. */
export const followUp = (
  wallet: string,
  command: Extract<AuditedCommand, { of: string }>,
): LaneMessage => {
  const told = message(command);
  return { ...told, data: { ...told.data, walletId: wallet } } as LaneMessage;
};

/** Two shards and what is said between them, which a test delivers as it likes. */
export function withMail({ near, far } = twoShards()) {
  const mail: { to: ShardLane; letter: Letter }[] = [];
  const open = new Map([near, far].map((lane) => [lane, new Set<string>()]));
  const otherOf = (lane: ShardLane): ShardLane => (lane === near ? far : near);
  const post = (from: ShardLane, letters: readonly Letter[]): void => {
    for (const letter of letters) mail.push({ to: otherOf(from), letter });
  };
  function tell(lane: ShardLane, told: LaneMessage): Changes & { problem: string | undefined } {
    const changes = lane.tell(told);
    for (const { transactionId } of changes.departures) open.get(lane)?.add(transactionId);
    for (const settledId of changes.settledDepartures.keys()) open.get(lane)?.delete(settledId);
    post(lane, changes.letters);
    return changes;
  }
  /** One of the letters that are under way: once more, for the last time, or never. */
  function deliver(at: number, how: 'once' | 'again' | 'lost' = 'once'): Changes | undefined {
    if (mail.length === 0) return undefined;
    const place = at % mail.length;
    const [one] = how === 'again' ? mail.slice(place) : mail.splice(place, 1);
    return one === undefined || how === 'lost' ? undefined : tell(one.to, inLane(one.letter));
  }
  /** Asks for all that has no answer, as the owner of the payer's lane would. */
  function askAgain(): void {
    for (const [lane, ids] of open) {
      const states = [...ids].map((one) => lane.book.transactions.get(one));
      const ownerOf = (wallet: string) => lane.book.wallets.get(wallet)?.ownerId ?? null;
      const waiting = states.filter((state) => state !== undefined);
      post(
        lane,
        waiting.map((state) => creditLetter(state, ownerOf(state.walletId))),
      );
    }
  }
  /** Until nothing is under way any more. */
  function settleAll(): void {
    for (
      let round = 0;
      mail.length > 0 || [...open.values()].some((ids) => ids.size > 0);
      round++
    ) {
      if (round > 20) throw new Error('something is never answered');
      while (mail.length > 0) deliver(0);
      askAgain();
    }
  }
  return { near, far, mail, tell, deliver, settleAll };
}
