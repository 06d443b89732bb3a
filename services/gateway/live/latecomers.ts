import { eventFilter, STREAMS } from '@florin/contracts';
import { readPartition, type Bus, type PartitionReader } from '@florin/messaging';
import { createAudience, type Audience } from './audience.ts';
import { LOOK_BACK_MESSAGES, tell, type Follower } from './follower.ts';
import { endOf } from './position.ts';
import { createEventDecoder } from './told-event.ts';

/** Those who come back within this read together: after a restart that is nearly everybody. */
const GATHER_MS = 100;
/** Who is further behind than this reads apart, so that the others don't wait for it. */
const TOGETHER_MESSAGES = 20_000;

/** Some who read together what they have missed. */
interface Group {
  followers: Audience<Follower>;
  reader: PartitionReader;
}

/**
 * Followers that have missed more than is in memory. They read in groups, from where the last of
 * them was, until nothing is between them and those who are up to date.
 */
export function createLatecomers(bus: Bus, onUpToDate: (follower: Follower) => void) {
  const waiting = new Map<Follower, PartitionReader>();
  const groups = new Set<Group>();
  const ended: Promise<void>[] = [];
  let gathering: NodeJS.Timeout | undefined;

  function end(group: Group): void {
    if (groups.delete(group)) ended.push(group.reader.stop());
  }

  function read(followers: readonly Follower[], first: number, live: PartitionReader): void {
    const audience = createAudience<Follower>();
    for (const follower of followers) audience.add(follower);
    const decode = createEventDecoder();
    const reader = readPartition(bus, {
      stream: STREAMS.events,
      filterSubject: eventFilter('*'),
      startAfter: Math.max(0, first - LOOK_BACK_MESSAGES),
      onMessage(message) {
        if (!groups.has(group)) return;
        for (const told of decode(message)) {
          for (const follower of audience.of(told)) tell(follower, told);
        }
        if (message.sequence < live.position()) return;
        end(group);
        for (const follower of audience.all()) {
          follower.heard = endOf(message.sequence);
          onUpToDate(follower);
        }
      },
      onDisorder() {
        for (const follower of audience.all()) follower.onGap();
      },
    });
    const group = { followers: audience, reader };
    groups.add(group);
  }

  /** The newest first: whoever is near enough to them reads with them. */
  function start(): void {
    gathering = undefined;
    const left = [...waiting].toSorted(
      ([one], [other]) => other.heard.sequence - one.heard.sequence,
    );
    waiting.clear();
    while (left.length > 0) {
      const [[newest, live]] = left as [[Follower, PartitionReader]];
      const far = newest.heard.sequence - TOGETHER_MESSAGES;
      const count = left.findIndex(([follower]) => follower.heard.sequence < far);
      const together = left.splice(0, count < 0 ? left.length : count).map(([one]) => one);
      read(together, together.at(-1)?.heard.sequence ?? 0, live);
    }
  }

  return {
    /** @param live the reader of those who are up to date */
    add(follower: Follower, live: PartitionReader): void {
      waiting.set(follower, live);
      gathering ??= setTimeout(start, GATHER_MS);
    },
    remove(follower: Follower): void {
      waiting.delete(follower);
      for (const group of groups) {
        group.followers.remove(follower);
        if (group.followers.size === 0) end(group);
      }
    },
    *all(): Iterable<Follower> {
      yield* waiting.keys();
      for (const { followers } of groups) yield* followers.all();
    },
    size: () => waiting.size + [...groups].reduce((sum, { followers }) => sum + followers.size, 0),
    async close(): Promise<void> {
      clearTimeout(gathering);
      for (const group of groups) end(group);
      await Promise.all(ended);
    },
  };
}
