import type { LaneItem } from './lane-item.ts';

/** What was read from a lane and waits for its posting, in order. */
export interface LaneQueue {
  push(item: LaneItem): void;
  /** Commands waiting. */
  backlog(): number;
  /** The next items in order, of at most about `commandsMax` commands but at least one item. */
  take(commandsMax: number): LaneItem[];
  /** Returns what was taken and not posted, to where it was. */
  putBack(items: readonly LaneItem[]): void;
}

export function createLaneQueue(): LaneQueue {
  let queue: LaneItem[] = [];
  let backlog = 0;
  return {
    push(item) {
      queue.push(item);
      backlog += weightOf(item);
    },
    backlog: () => backlog,
    take(commandsMax) {
      let length = 0;
      let commands = 0;
      for (const item of queue) {
        if (length > 0 && commands + weightOf(item) > commandsMax) break;
        commands += weightOf(item);
        length += 1;
      }
      const taken = queue.slice(0, length);
      queue = queue.slice(length);
      backlog -= commands;
      return taken;
    },
    putBack(items) {
      queue = [...items, ...queue];
      backlog += items.reduce((sum, item) => sum + weightOf(item), 0);
    },
  };
}

/** Even a message of nothing but dead letters is work. */
const weightOf = (item: LaneItem): number => Math.max(1, item.weight);
