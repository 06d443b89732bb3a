import type { Verdict } from '../domain/verdict.ts';

/** A verdict, and where in the stream its order lies. */
export interface DecisionRow {
  verdict: Verdict;
  position: number;
}

/** The columns of rows, as the statement that inserts them takes them. */
export function decisionParameters(rows: readonly DecisionRow[], decidedAt: string): unknown[] {
  const of = <Value>(read: (verdict: Verdict) => Value): Value[] =>
    rows.map(({ verdict }) => read(verdict));
  const transaction = <Value>(read: (of: Verdict['order']['transaction']) => Value): Value[] =>
    rows.map(({ verdict }) => read(verdict.order.transaction));
  return [
    of(({ order }) => order.event.data.transactionId),
    transaction(({ walletId }) => walletId),
    transaction(({ counterpartyWalletId = null }) => counterpartyWalletId),
    transaction(({ context }) => context?.deviceId ?? null),
    transaction(({ context }) => context?.address ?? null),
    decidedAt,
    of(({ decision }) => decision),
    of(({ mode }) => mode),
    of(({ score }) => score),
    of(({ logit }) => logit),
    of(({ modelVersion }) => modelVersion),
    of(({ featureVersion }) => featureVersion),
    of(({ reasons }) => (reasons.length === 0 ? null : JSON.stringify(reasons))),
    of(({ challengers }) => (challengers.length === 0 ? null : JSON.stringify(challengers))),
    // As text: the driver sends arrays as text in any case.
    of(({ features }) => `\\x${bytesOf(features).toString('hex')}`),
    rows.map(({ position }) => position),
  ];
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
