import { present } from '@florin/kernel';
import type { Incoming, Verifier } from '@florin/messaging';
import { foldedEventOf, type FoldedEvent } from '@florin/ml/features';
import type { Logger } from '@florin/runtime';
import { decodeFacts, FACT_STREAMS } from '../domain/decode-facts.ts';
import { labelOfVerdict } from '../domain/label-of-verdict.ts';
import type { Source } from '../scoring/scoring-loop.ts';
import type { LabelBook } from './label-book.ts';

/**
 * Reads what profiles learn out of a message of facts. Verdicts of reviews become labels on the
 * way: whichever process sees one first writes it down, and the others change nothing.
 */
export function createFactReader({
  verify,
  labels,
  onRefused,
  log,
}: {
  verify: Verifier;
  labels: Pick<LabelBook, 'note'>;
  onRefused(stream: string): void;
  log: Logger;
}) {
  return function readFacts({ stream }: Source, message: Incoming): FoldedEvent[] {
    const known = FACT_STREAMS.find((one) => one.stream === stream);
    const facts = decodeFacts(verify, present(known, 'a stream of facts'), message);
    if (!facts.ok) {
      // Every process reads it, and none can do anything about it: an operator looks at the stream.
      onRefused(stream);
      log.error({ stream, sequence: message.sequence, problem: facts.error }, 'no fact');
      return [];
    }
    for (const fact of facts.value) {
      const label = labelOfVerdict(fact);
      if (label) labels.note(label);
    }
    return facts.value.map(foldedEventOf).filter((event) => event !== undefined);
  };
}
