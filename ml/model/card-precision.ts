/** A transaction, and the score that it was given. */
export interface ScoredCard {
  day: number;
  card: number;
  score: number;
  fraud: boolean;
}

/**
 * CP@k of the Fraud Detection Handbook: what investigators who check `k` cards a day find. A card's
 * score is its highest of the day. Precision is the share of the day's `k` cards that had a fraud
 * on that day; a card found once is not checked again. Returns the mean over the days.
 */
export function cardPrecisionAtTop(transactions: readonly ScoredCard[], k: number): number {
  const found = new Set<number>();
  const days = Map.groupBy(transactions, ({ day }) => day);
  let sum = 0;
  for (const day of [...days.keys()].toSorted((a, b) => a - b)) {
    const open = (days.get(day) ?? []).filter(({ card }) => !found.has(card));
    const checked = cardsOf(open)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, k);
    const caught = checked.filter(({ fraud }) => fraud);
    for (const { card } of caught) found.add(card);
    sum += caught.length / k;
  }
  return sum / days.size;
}

function cardsOf(transactions: ScoredCard[]): { card: number; score: number; fraud: boolean }[] {
  return [...Map.groupBy(transactions, ({ card }) => card)].map(([card, own]) => ({
    card,
    score: own.reduce((highest, { score }) => Math.max(highest, score), -Infinity),
    fraud: own.some(({ fraud }) => fraud),
  }));
}
