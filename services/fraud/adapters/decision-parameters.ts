import type { Risk } from '@florin/contracts';
import { riskOf } from '../domain/ready-body.ts';
import type { Told } from '../domain/told-risks.ts';
import type { Verdict } from '../domain/verdict.ts';

/** A verdict, and where in the stream its order lies. */
export interface DecisionRow {
  verdict: Verdict;
  position: number;
  /** What the ledger was told instead, when somebody else had answered. */
  told?: Told | undefined;
}

/** The columns of rows, as the statement that inserts them takes them. */
export function decisionParameters(rows: readonly DecisionRow[], decidedAt: string): unknown[] {
  const of = <Value>(read: (verdict: Verdict) => Value): Value[] =>
    rows.map(({ verdict }) => read(verdict));
  const transaction = <Value>(read: (of: Verdict['order']['transaction']) => Value): Value[] =>
    rows.map(({ verdict }) => read(verdict.order.transaction));
  const risks = rows.map(({ verdict, told }) => told?.risk ?? riskOf(verdict, Infinity));
  const risk = <Value>(read: (of: Risk) => Value): Value[] => risks.map(read);
  return [
    of(({ order }) => order.event.data.transactionId),
    transaction(({ walletId }) => walletId),
    transaction(({ counterpartyWalletId = null }) => counterpartyWalletId),
    transaction(({ context }) => context?.deviceId ?? null),
    transaction(({ context }) => context?.address ?? null),
    rows.map(({ told }) => told?.at ?? decidedAt),
    risk(({ decision }) => decision),
    risk(({ mode }) => mode),
    risk(({ score }) => score),
    of(({ logit }) => logit),
    risk(({ modelVersion }) => modelVersion),
    of(({ featureVersion }) => featureVersion),
    risk(({ reasons }) => (reasons.length === 0 ? null : JSON.stringify(reasons))),
    of(({ challengers }) => (challengers.length === 0 ? null : JSON.stringify(challengers))),
    // As text: the driver sends arrays as text in any case.
    of(({ features }) => `\\x${bytesOf(features).toString('hex')}`),
    rows.map(({ position }) => position),
    risk(({ degraded }) => degraded),
    rows.map(({ told }) => told !== undefined),
  ];
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
