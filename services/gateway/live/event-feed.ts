import { eventFilter, STREAMS } from '@florin/contracts';
import { readPartition, streamState, type Bus, type PartitionReader } from '@florin/messaging';
import { concerns, createAudience } from './audience.ts';
import { LOOK_BACK_MESSAGES, tell, type Follower, type FollowOptions } from './follower.ts';
import { createLatecomers } from './latecomers.ts';
import { endOf } from './position.ts';
import { createEventDecoder, type ToldEvent } from './told-event.ts';

/** Events kept for clients that come back: most have missed some seconds. */
const RECENT_EVENTS_MAX = 5000;
/** Without followers reading goes on for a while: they often come right back. */
const LINGER_MS = 30_000;

const EVERY_EVENT = eventFilter('*');

export interface EventFeed {
  /** @throws when the nats-server does not answer; the next call tries again */
  follow(options: FollowOptions): Promise<{ stop(): void }>;
  followers(): number;
  close(): Promise<void>;
}

/**
 * The events of the ledger, read once for all who follow them here. A follower that comes back
 * after a pause is told from memory what it has missed, or by a reader for those who came back with
 * it, until it is where the others are. Each is told every event after its position once, in stream
 * order.
 */
export function createEventFeed(bus: Bus): EventFeed {
  const live = createAudience<Follower>();
  const ended: Promise<void>[] = [];
  const late = createLatecomers(bus, (follower) => live.add(follower));
  let recent: ToldEvent[] = [];
  let shared: Promise<{ reader: PartitionReader; startedAfter: number }> | undefined;
  let lingering: NodeJS.Timeout | undefined;

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

  /** Started by the first who needs it; a start that failed is tried anew by the next one. */
  function reading() {
    if (shared !== undefined) return shared;
    const starting = startReading();
    shared = starting;
    starting.catch(() => {
      if (shared === starting) shared = undefined;
    });
    return starting;
  }

  /** The stream is another one: positions mean nothing any more, and everybody is told so. */
  function restart(): void {
    for (const follower of [...live.all(), ...late.all()]) follower.onGap();
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
    if (live.size + late.size() > 0) return;
    lingering = setTimeout(stopReading, LINGER_MS).unref();
  }

  function goLive(follower: Follower): void {
    for (const told of recent) if (concerns(follower, told)) tell(follower, told);
    live.add(follower);
  }

  async function join(follower: Follower): Promise<void> {
    const { reader, startedAfter } = await reading();
    const { firstSequence, lastSequence } = await streamState(bus, STREAMS.events);
    if (follower.after === undefined) {
      follower.heard = endOf(lastSequence);
      return goLive(follower);
    }
    const { sequence } = follower.after;
    if (sequence > lastSequence || sequence + 1 < firstSequence) return follower.onGap();
    const oldest = recent[0]?.position.sequence ?? startedAfter + 1;
    if (sequence + 1 >= oldest) goLive(follower);
    else late.add(follower, reader);
  }

  return {
    async follow(options) {
      clearTimeout(lingering);
      const follower: Follower = { ...options, heard: options.after ?? endOf(0) };
      try {
        await join(follower);
      } catch (error) {
        linger();
        throw error;
      }
      return {
        stop() {
          live.remove(follower);
          late.remove(follower);
          linger();
        },
      };
    },
    followers: () => live.size + late.size(),
    async close() {
      clearTimeout(lingering);
      stopReading();
      await Promise.all([...ended, late.close()]);
    },
  };
}
