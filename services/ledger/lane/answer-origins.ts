import { outcomeSubject } from '@florin/contracts';
import type { Bus } from '@florin/messaging';
import type { Answer } from '../domain/changes.ts';

const OUTCOMES_PER_MESSAGE = 500;

/**
 * Tells gateways the outcomes they wait for: one message per gateway and batch. Best effort: a
 * gateway that hears nothing asks, and the books know.
 */
export function createAnswerOrigins(bus: Bus) {
  return function answerOrigins(answers: readonly Answer[]): void {
    if (answers.length === 0 || !bus.connected()) return;
    const byOrigin = Map.groupBy(answers, (answer) => answer.origin);
    for (const [origin, waiting] of byOrigin) {
      for (let i = 0; i < waiting.length; i += OUTCOMES_PER_MESSAGE) {
        const part = waiting.slice(i, i + OUTCOMES_PER_MESSAGE);
        const outcomes = part.map((answer) => answer.json()).join(',');
        bus.nc.publish(outcomeSubject(origin), `[${outcomes}]`);
      }
    }
  };
}
