import {
  laneSubject,
  partitionOf,
  readyMessageId,
  type LaneMessage,
  type LaneStage,
} from '@florin/contracts';
import {
  createPublisher,
  createSigner,
  HEADERS,
  signQuote,
  type Bus,
  type Publisher,
} from '@florin/messaging';
import type { AuditedCommand } from '@florin/testing';
import { deciderOf, id, mayFollow, message, type Parties } from '../lane-bench.ts';
import type { Row } from './memory-tables.ts';
import { PARTITIONS, SIGNING_KEYS } from './simulated-ledger.ts';
import type { SimulatedShards } from './simulated-shards.ts';
import type { SimulatedWorld } from './simulated-world.ts';

export const ORIGIN = 'gateway-simulated';

/** Everybody who talks to the lanes: gateways, the scorer, the banks. */
export interface SimulatedTraffic {
  /** Says it, if somebody in their place would: they look into the books first. */
  say(command: AuditedCommand): void;
  /** Asks once more what became of all that has ended. @returns wallet and transaction of each */
  askAgain(): [wallet: string, transaction: string][];
  /** What was said by a message of that id. */
  commandOf(messageId: string): AuditedCommand | undefined;
}

/** An order of one transaction, as it was sent. */
interface Ordered {
  command: AuditedCommand;
  told: LaneMessage;
}

type Service = keyof typeof SIGNING_KEYS;
type Named = { messageId: string; stage: LaneStage; as: Service };

export function createSimulatedTraffic(
  world: SimulatedWorld,
  bus: Bus,
  shards: SimulatedShards,
): SimulatedTraffic {
  const said = new Map<string, AuditedCommand>();
  const ordered = new Map<string, Ordered>();
  const publishers = Object.fromEntries(
    Object.entries(SIGNING_KEYS).map(([service, keys]) => {
      const [kid, key] = Object.entries(keys)[0] as [string, string];
      return [service, createPublisher(bus, { signer: createSigner({ kid, key }) })];
    }),
  ) as Record<Service, Publisher>;
  let count = 0;
  let captureCount = 0;

  function publish(told: LaneMessage, { messageId, stage, as }: Named): void {
    const wallet = told.data.walletId;
    const partition = partitionOf(wallet, PARTITIONS);
    const sent = {
      subject: laneSubject(stage, partition, wallet),
      body: JSON.stringify([{ ...told, subject: wallet, partitionkey: wallet }]),
      id: messageId,
      type: told.type,
      wallet,
      partition,
      headers: { [HEADERS.reply]: ORIGIN },
    };
    // Whoever gets no answer asks again, and is told what became of it.
    publishers[as].publish(sent).catch(() => {});
    if (world.chance(0.05)) {
      world.after(
        world.between(0, 20_000),
        () => void publishers[as].publish(sent).catch(() => {}),
      );
    }
  }

  function sayOrder(command: AuditedCommand, told: LaneMessage): void {
    const messageId = `m-${++count}`;
    said.set(messageId, command);
    const isScored = isScoredOrder(told);
    if ('amount' in command) {
      ordered.set(`${told.data.walletId} ${command.id}`, { command, told });
    }
    if (world.chance(0.6)) {
      const as = isScored ? 'fraud' : 'gateway';
      publish(told, { messageId: readyMessageId(messageId), stage: 'ready', as });
      return;
    }
    publish(unscored(told), { messageId, stage: 'initiated', as: 'gateway' });
    // Else nobody scores it, and the watchdog decides.
    if (!isScored || world.chance(0.3)) return;
    const score = () =>
      publish(told, { messageId: readyMessageId(messageId), stage: 'ready', as: 'fraud' });
    world.after(world.between(0, 1500), score);
  }

  /** What was reserved is taken in parts, one after the other. */
  function captureLater(of: string): void {
    const captures = Math.floor(world.between(0, 4));
    for (let i = 0; i < captures; i++) {
      const part = BigInt(Math.floor(world.between(1, 25)));
      const capture = { do: 'capture', id: id(10_000 + ++captureCount), of, part } as const;
      const final = world.chance(0.2);
      world.after(world.between(0, 10_000), () => say({ ...capture, final }), world.current());
    }
  }

  /** Who speaks of what isn't there yet waits for it, and not for ever. */
  function say(command: AuditedCommand, patience = 8): void {
    const walletId = walletFor(command, shards);
    if (walletId === undefined) {
      const again = () => say(command, patience - 1);
      if (patience > 0) world.after(world.between(50, 1_500), again, world.current());
      return;
    }
    const plain = message(command);
    const told = promised({ ...plain, data: { ...plain.data, walletId } } as LaneMessage);
    if (command.do === 'hold') captureLater(command.id);
    if ('amount' in command || 'items' in command) return sayOrder(command, told);
    const messageId = `m-${++count}`;
    said.set(messageId, command);
    const as = command.do === 'settle' ? 'banking' : 'gateway';
    publish(told, { messageId, stage: 'ready', as });
  }

  function askAgain(): [string, string][] {
    const ended = [...ordered].filter(([key]) => {
      const [wallet = '', transaction = ''] = key.split(' ');
      const row = shards.of(wallet).books.tables.transactions.get(transaction);
      const isOpen = row?.['status'] === 'pending' || row?.['status'] === 'held';
      return row?.['wallet_id'] === wallet && !isOpen;
    });
    for (const [, { command, told }] of ended) {
      const messageId = `m-${++count}`;
      said.set(messageId, command);
      const as = isScoredOrder(told) ? 'fraud' : 'gateway';
      publish(told, { messageId: readyMessageId(messageId), stage: 'ready', as });
    }
    return ended.map(([key]) => key.split(' ') as [string, string]);
  }

  return {
    say,
    askAgain,
    commandOf: (messageId) => said.get(messageId.replace(/^ready-/, '')),
  };
}

const isScoredOrder = ({ data }: LaneMessage): boolean => JSON.stringify(data).includes('"risk"');

const bank = createSigner({ kid: 'b1', key: SIGNING_KEYS.banking.b1 });

/** A rate counts only where banking has promised it. */
function promised(told: LaneMessage): LaneMessage {
  if (!('quote' in told.data)) return told;
  return {
    ...told,
    data: { ...told.data, quote: signQuote(bank, told.data.quote) },
  } as LaneMessage;
}

/** Where it goes; undefined where whoever would say it sees in the books that it makes no sense. */
function walletFor(command: AuditedCommand, shards: SimulatedShards): string | undefined {
  const hasWallet = (one: string): boolean => shards.wallet(one) !== undefined;
  if (!isSaidBetweenShards(command, shards)) return undefined;
  if (command.do === 'open') return command.wallet;
  if ('wallet' in command) return hasWallet(command.wallet) ? command.wallet : undefined;
  if ('from' in command) return hasWallet(command.from) ? command.from : undefined;
  if ('items' in command) {
    return command.items.every(({ from }) => hasWallet(from)) ? command.items[0]?.from : undefined;
  }
  const about = shards.transaction('of' in command ? command.of : command.id);
  if (about === undefined || !makesSense(command, about, shards)) return undefined;
  const wallet = deciderOf(command, partiesOf(about));
  return hasWallet(wallet) ? wallet : undefined;
}

const partiesOf = (row: Row): Parties => ({
  type: String(row['type']),
  walletId: String(row['wallet_id']),
  counterpartyWalletId: row['counterparty_wallet_id'] as string | null,
});

/** What is done together must be in one shard, and else only transfers are where it is told. */
function isSaidBetweenShards(
  command: AuditedCommand,
  { areApart, isAnything }: SimulatedShards,
): boolean {
  if ('items' in command) {
    const [first] = command.items;
    return command.items.every(({ from, to }) => {
      return first === undefined || (!areApart(first.from, from) && !areApart(first.from, to));
    });
  }
  if (isAnything || !('from' in command) || command.do === 'transfer') return true;
  return !areApart(command.from, command.to);
}

function makesSense(command: AuditedCommand, about: Row, shards: SimulatedShards): boolean {
  const [type, status] = [String(about['type']), String(about['status'])];
  const { walletId, counterpartyWalletId } = partiesOf(about);
  const review = shards.of(walletId).books.tables.reviews.get(String(about['id']));
  const isApart = counterpartyWalletId !== null && shards.areApart(walletId, counterpartyWalletId);
  if ('of' in command && isApart && !shards.isAnything) return false;
  // The gateway gives nothing back of what has not been paid: it may be under way.
  const isPaid = status === 'completed' || status === 'reversed';
  if (command.do === 'reverse' && !isPaid) return false;
  if ('of' in command) return mayFollow(command, type, status);
  if (command.do === 'settle') {
    const isOpen = status === 'pending' || status === 'held';
    return (type === 'deposit' || type === 'withdrawal') && isOpen && review?.['status'] !== 'open';
  }
  // When the time of a hold or a review is over is for the ledger to say.
  return command.do === 'review' && command.verdict !== 'expire' && review !== undefined;
}

/** As the gateway sends it, before anybody has scored it. */
const unscored = (told: LaneMessage): LaneMessage =>
  JSON.parse(JSON.stringify(told, (name, value: unknown) => (name === 'risk' ? undefined : value)));
