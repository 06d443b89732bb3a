import { present } from '@florin/kernel';
import type { Incoming, Verifier } from '@florin/messaging';
import { foldedEventOf, type FoldedEvent } from '@florin/ml/features';
import { decodeFacts, FACT_STREAMS } from '../domain/decode-facts.ts';
import { labelOfVerdict } from '../domain/label-of-verdict.ts';
import type { Source } from '../scoring/scoring-loop.ts';
import type { LabelBook } from './label-book.ts';
import type { FactsAside } from './put-facts-aside.ts';

/**
 * Reads what profiles learn out of a message of facts. Verdicts of reviews become labels on the
 * way: whichever process sees one first writes it down, and the others change nothing.
 */
export function createFactReader({
  verify,
  labels,
  aside,
  onRefused,
}: {
  verify: Verifier;
  labels: Pick<LabelBook, 'note'>;
  aside: Pick<FactsAside, 'put'>;
  onRefused(stream: string): void;
}) {
  return function readFacts(source: Source, message: Incoming): FoldedEvent[] {
    const { stream } = source;
    const known = FACT_STREAMS.find((one) => one.stream === stream);
    const facts = decodeFacts(verify, present(known, 'a stream of facts'), message);
    if (!facts.ok) {
      onRefused(stream);
      aside.put(source, message, facts.error);
      return [];
    }
    for (const fact of facts.value) {
      const label = labelOfVerdict(fact);
      if (label) labels.note(label);
    }
    return facts.value.map(foldedEventOf).filter((event) => event !== undefined);
  };
}
