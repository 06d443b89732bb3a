import { eventFilter, STREAMS } from '@florin/contracts';
import { readPartition, streamState, type Bus, type PartitionReader } from '@florin/messaging';
import { concerns, createAudience, type Listener } from './audience.ts';
import { endOf, isAfter, type Position } from './position.ts';
import { createEventDecoder, type ToldEvent } from './told-event.ts';

/** Messages read again before a position, to know which events were told before it. */
const LOOK_BACK_MESSAGES = 500;
/** Events kept for clients that come back: most have missed some seconds. */
const RECENT_EVENTS_MAX = 5000;
/** Without followers reading goes on for a while: they often come right back. */
const LINGER_MS = 30_000;

const EVERY_EVENT = eventFilter('*');

export interface FollowOptions extends Listener {
  /** The last event heard; without, only what comes from now on is told. */
  after: Position | undefined;
  /** An event of these wallets. */
  onEvent(event: ToldEvent): void;
  /** What came after `after` is not in the stream any more, or the stream is another one. */
  onGap(): void;
}

export interface EventFeed {
  follow(options: FollowOptions): Promise<{ stop(): void }>;
  followers(): number;
  close(): Promise<void>;
}

interface Follower extends FollowOptions {
  heard: Position;
}

/**
 * The events of the ledger, read once for all who follow them here. A follower that comes back
 * after a pause is told from memory what it has missed, or by a reader of its own until it is
 * where the others are. Each is told every event after its position once, in stream order.
 */
export function createEventFeed(bus: Bus): EventFeed {
  const live = createAudience<Follower>();
  const behind = new Map<Follower, PartitionReader>();
  const ended: Promise<void>[] = [];
  let recent: ToldEvent[] = [];
  let shared: Promise<{ reader: PartitionReader; startedAfter: number }> | undefined;
  let lingering: NodeJS.Timeout | undefined;

  function tell(follower: Follower, told: ToldEvent): void {
    if (!isAfter(told.position, follower.heard)) return;
    follower.heard = told.position;
    follower.onEvent(told);
  }

  function remember(told: ToldEvent[]): void {
    recent.push(...told);
    if (recent.length > RECENT_EVENTS_MAX * 2) recent = recent.slice(-RECENT_EVENTS_MAX);
  }

  /** The reader that all share. It begins a little in the past: with what clients have missed. */
  async function startReading() {
    const { lastSequence } = await streamState(bus, STREAMS.events);
    const startedAfter = Math.max(0, lastSequence - LOOK_BACK_MESSAGES);
    const decode = createEventDecoder();
    const reader = readPartition(bus, {
      stream: STREAMS.events,
      filterSubject: EVERY_EVENT,
      startAfter: startedAfter,
      onMessage(message) {
        const told = decode(message);
        remember(told);
        for (const event of told) for (const follower of live.of(event)) tell(follower, event);
      },
      onDisorder: restart,
    });
    return { reader, startedAfter };
  }

  /** The stream is another one: positions mean nothing any more, and everybody is told so. */
  function restart(): void {
    for (const follower of [...live.all(), ...behind.keys()]) follower.onGap();
    stopReading();
  }

  function stopReading(): void {
    const stopping = shared?.then(({ reader }) => reader.stop());
    if (stopping) ended.push(stopping.catch(() => undefined));
    shared = undefined;
    recent = [];
  }

  function linger(): void {
    clearTimeout(lingering);
    if (live.size + behind.size > 0) return;
    lingering = setTimeout(stopReading, LINGER_MS).unref();
  }

  function goLive(follower: Follower): void {
    for (const told of recent) if (concerns(follower, told)) tell(follower, told);
    live.add(follower);
  }

  /** Whoever has been away for longer reads alone until nothing is between it and the others. */
  function catchUp(follower: Follower, reader: PartitionReader): void {
    const from = follower.heard.sequence;
    const decode = createEventDecoder();
    const own = readPartition(bus, {
      stream: STREAMS.events,
      filterSubject: EVERY_EVENT,
      startAfter: Math.max(0, from - LOOK_BACK_MESSAGES),
      onMessage(message) {
        for (const told of decode(message)) if (concerns(follower, told)) tell(follower, told);
        if (message.sequence < reader.position() || !behind.delete(follower)) return;
        ended.push(own.stop());
        follower.heard = endOf(message.sequence);
        live.add(follower);
      },
      onDisorder: follower.onGap,
    });
    behind.set(follower, own);
  }

  async function join(follower: Follower): Promise<void> {
    const { reader, startedAfter } = await (shared ??= startReading());
    const { firstSequence, lastSequence } = await streamState(bus, STREAMS.events);
    if (follower.after === undefined) {
      follower.heard = endOf(lastSequence);
      return goLive(follower);
    }
    const { sequence } = follower.after;
    if (sequence > lastSequence || sequence + 1 < firstSequence) return follower.onGap();
    const oldest = recent[0]?.position.sequence ?? startedAfter + 1;
    if (sequence + 1 >= oldest) goLive(follower);
    else catchUp(follower, reader);
  }

  return {
    async follow(options) {
      clearTimeout(lingering);
      const follower: Follower = { ...options, heard: options.after ?? endOf(0) };
      await join(follower);
      return {
        stop() {
          live.remove(follower);
          const own = behind.get(follower);
          behind.delete(follower);
          if (own) ended.push(own.stop());
          linger();
        },
      };
    },
    followers: () => live.size + behind.size,
    async close() {
      clearTimeout(lingering);
      for (const own of behind.values()) ended.push(own.stop());
      stopReading();
      await Promise.all(ended);
    },
  };
}
