/**
 * A place in the event stream: the message, and the event in it. What a client heard last is told
 * as `message.event`, so that it goes on right behind it, at whichever gateway.
 */
export interface Position {
  sequence: number;
  index: number;
}

const POSITION = /^([0-9]{1,15})(?:\.([0-9]{1,5}))?$/;

/** A message without an index counts as heard to its end. */
const WHOLE_MESSAGE = Number.MAX_SAFE_INTEGER;

/** Undefined for what is no position. */
export function readPosition(text: string): Position | undefined {
  const [, sequence, index] = POSITION.exec(text) ?? [];
  if (sequence === undefined) return undefined;
  return {
    sequence: Number(sequence),
    index: index === undefined ? WHOLE_MESSAGE : Number(index),
  };
}

export const positionText = ({ sequence, index }: Position): string => `${sequence}.${index}`;

export const isAfter = (one: Position, other: Position): boolean =>
  one.sequence > other.sequence || (one.sequence === other.sequence && one.index > other.index);

/** Everything up to a message, and nothing behind it. */
export const endOf = (sequence: number): Position => ({ sequence, index: WHOLE_MESSAGE });
