import type { Listener } from './audience.ts';
import { isAfter, type Position } from './position.ts';
import type { ToldEvent } from './told-event.ts';

/** Messages read again before a position, to know which events were told before it. */
export const LOOK_BACK_MESSAGES = 500;

export interface FollowOptions extends Listener {
  /** The last event heard; without, only what comes from now on is told. */
  after: Position | undefined;
  /** An event of these wallets. */
  onEvent(event: ToldEvent): void;
  /** What came after `after` is not in the stream any more, or the stream is another one. */
  onGap(): void;
}

export interface Follower extends FollowOptions {
  heard: Position;
}

/** Tells a follower what it has not heard yet. */
export function tell(follower: Follower, told: ToldEvent): void {
  if (!isAfter(told.position, follower.heard)) return;
  follower.heard = told.position;
  follower.onEvent(told);
}
