import type { Risk, RiskDecision, RiskReason } from '@florin/contracts';
import type { InitiatedOrder } from './initiated-message.ts';

/** What a model that only looks on thinks. */
export interface ChallengerVerdict {
  modelVersion: string;
  score: number;
  decision: RiskDecision;
}

/** What was decided about one order, with all that it was made of. */
export interface Verdict {
  order: InitiatedOrder;
  features: Float32Array;
  logit: number;
  /** Calibrated probability of fraud. */
  score: number;
  decision: RiskDecision;
  /** None where the payment is simply approved. */
  reasons: RiskReason[];
  modelVersion: string;
  featureVersion: string;
  mode: Risk['mode'];
  challengers: ChallengerVerdict[];
}
