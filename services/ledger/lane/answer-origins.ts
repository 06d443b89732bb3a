import { outcomeSubject } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import type { Answer } from '../domain/changes.ts';

/** Half of what a nats-server takes unless told otherwise. */
const MESSAGE_BYTES_MAX = 512 * 1024;

/**
 * Tells gateways the outcomes they wait for: one message per gateway and batch, more only
 * where outcomes are large. Best effort: a gateway that hears nothing asks, and the books know.
 */
export function createAnswerOrigins(bus: Bus) {
  return function answerOrigins(answers: readonly Answer[]): void {
    if (answers.length === 0 || !bus.connected()) return;
    const byOrigin = Map.groupBy(answers, (answer) => answer.origin);
    for (const [origin, waiting] of byOrigin) {
      for (const outcomes of inMessages(waiting)) {
        bus.nc.publish(outcomeSubject(origin), `[${outcomes.join(',')}]`);
      }
    }
  };
}

/** Outcomes in order, as many to a message as fit. One alone always does. */
function inMessages(answers: readonly Answer[]): string[][] {
  const messages: string[][] = [];
  let bytes = MESSAGE_BYTES_MAX;
  for (const answer of answers) {
    const outcome = answer.json();
    const size = Buffer.byteLength(outcome) + 1;
    if (bytes + size > MESSAGE_BYTES_MAX) {
      messages.push([]);
      bytes = 0;
    }
    messages.at(-1)?.push(outcome);
    bytes += size;
  }
  return messages;
}
