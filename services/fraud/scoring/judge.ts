import type { Risk } from '@florin/contracts';
import {
  createScorer,
  decideWithRules,
  reasonsOf,
  type Artefact,
  type FiredRule,
  type Scorer,
} from '@florin/ml/artefact';
import { FEATURE_COUNT, FEATURE_HASH, usualValues, type Profiles } from '@florin/ml/features';
import { calibrate, type Matrix } from '@florin/ml/model';
import type { InitiatedOrder } from '../domain/initiated-message.ts';
import type { ChallengerVerdict, Verdict } from '../domain/verdict.ts';
import { createExplainer } from './explainer.ts';

/** Hashes are long, and a feature set is named with every decision. */
export const FEATURE_VERSION = FEATURE_HASH.slice(0, 16);

type Judging = (
  orders: readonly InitiatedOrder[],
  features: Float32Array,
  mode: Risk['mode'],
) => Verdict[];

export interface Judge {
  /**
   * One verdict an order, in their order: one pass through each model for all of them together.
   * @param features of each order when it was its turn, row after row
   */
  judge: Judging;
  /** The same without a reason why: for a record of what somebody else has decided. */
  assess: Judging;
  [Symbol.dispose](): void;
}

export interface JudgeDeps {
  champion: Artefact;
  challengers: readonly Artefact[];
  profiles: Profiles;
}

/** A verdict that has no reasons yet, and the rules that hold. */
interface Decided {
  verdict: Verdict;
  rules: readonly FiredRule[];
}

/** Puts the models on the backend that was started last. */
export function createJudge({ champion, challengers, profiles }: JudgeDeps): Judge {
  const { manifest, policy } = champion;
  const scorer = createScorer(champion);
  const explainer = createExplainer(scorer, manifest.medianLegitimate);
  const others = challengers.map((artefact) => ({ artefact, scorer: createScorer(artefact) }));

  function verdictOf(
    order: InitiatedOrder,
    features: Float32Array,
    { logit, score, mode }: Pick<Verdict, 'logit' | 'score' | 'mode'>,
  ): Decided {
    const { decision, rules } = decideWithRules(policy, score, features, order.transaction);
    const { modelVersion } = manifest;
    const verdict: Verdict = {
      order,
      features,
      logit,
      score: readable(score),
      decision,
      reasons: [],
      modelVersion,
      featureVersion: FEATURE_VERSION,
      mode,
      challengers: [],
    };
    return { verdict, rules };
  }

  /** Most payments are simply approved, and nobody asks why. */
  function addReasons(decided: readonly Decided[]): void {
    const stopped = decided.filter(({ verdict }) => verdict.decision !== 'approve');
    const explained = explainer.explain(stopped.map(({ verdict }) => verdict.features));
    for (const [at, { verdict, rules }] of stopped.entries()) {
      const { features, order, reasons } = verdict;
      const usual = usualValues(profiles, order.transaction);
      const contributions = explained[at] ?? [];
      reasons.push(
        ...rules.map(({ code, text }) => ({ code, text, share: 0 })),
        ...reasonsOf(contributions, features, usual, manifest.medianLegitimate),
      );
    }
  }

  const decide = (...[orders, features, mode]: Parameters<Judging>): Decided[] => {
    const matrix: Matrix = { rows: orders.length, columns: FEATURE_COUNT, values: features };
    const logits = scorer.logits(matrix);
    const scores = calibrate(manifest.calibration, logits);
    const decided = orders.map((order, row) => {
      const own = features.slice(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT);
      const logit = logits[row] as number;
      return verdictOf(order, own, { logit, score: scores[row] as number, mode });
    });
    const verdicts = decided.map(({ verdict }) => verdict);
    for (const other of others) addOpinion(verdicts, matrix, other);
    return decided;
  };

  return {
    judge(...asked) {
      const decided = decide(...asked);
      addReasons(decided);
      return decided.map(({ verdict }) => verdict);
    },
    assess: (...asked) => decide(...asked).map(({ verdict }) => verdict),
    [Symbol.dispose]() {
      for (const one of [scorer, ...others.map((other) => other.scorer)]) one[Symbol.dispose]();
    },
  };
}

/** What a challenger thinks is written down and has no say. */
function addOpinion(
  verdicts: readonly Verdict[],
  matrix: Matrix,
  { artefact: { manifest, policy }, scorer }: { artefact: Artefact; scorer: Scorer },
): void {
  const scores = scorer.probabilities(matrix);
  for (const [row, { challengers, features, order }] of verdicts.entries()) {
    const score = scores[row] as number;
    const { decision } = decideWithRules(policy, score, features, order.transaction);
    const opinion: ChallengerVerdict = {
      modelVersion: manifest.modelVersion,
      score: readable(score),
      decision,
    };
    challengers.push(opinion);
  }
}

/** Six digits say all that calibration knows. */
const readable = (probability: number): number => Math.round(probability * 1e6) / 1e6;
