import { crossEntropy, sigmoid } from './metrics.ts';

/** probability = sigmoid(slope * logit + offset). Plain JSON, it belongs to the artefact. */
export interface Calibration {
  slope: number;
  offset: number;
}

const STEPS_MAX = 100;
const IMPROVEMENT_MIN = 1e-12;
const HALVINGS_MAX = 30;

/**
 * Platt scaling: the slope and offset that make held-out labels most likely, by Newton's method
 * with step halving (Lin, Lin and Weng, 2007). As Platt advises the targets lie a little inside 0
 * and 1, so that few rows that happen to be separated perfectly do not give certainty.
 */
export function fitCalibration(logits: Float32Array, labels: Float32Array): Calibration {
  const frauds = labels.reduce((sum, label) => sum + label, 0);
  const fraudTarget = (frauds + 1) / (frauds + 2);
  const otherTarget = 1 / (labels.length - frauds + 2);
  const targets = Float64Array.from(labels, (label) => (label === 1 ? fraudTarget : otherTarget));
  const lossOf = ({ slope, offset }: Calibration): number =>
    crossEntropy(
      Float64Array.from(logits, (logit) => slope * logit + offset),
      targets,
    );

  let fitted: Calibration = { slope: 1, offset: 0 };
  let loss = lossOf(fitted);
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const step = newtonStep(fitted, logits, targets);
    const better = downhill(fitted, step, loss, lossOf);
    if (!better) break;
    fitted = better;
    loss = lossOf(fitted);
  }
  return fitted;
}

/** The probability of fraud for each logit. */
export function calibrate({ slope, offset }: Calibration, logits: Float32Array): Float32Array {
  return logits.map((logit) => sigmoid(slope * logit + offset));
}

/** The whole step if it helps, else half of it and so on; undefined when nothing helps any more. */
function downhill(
  from: Calibration,
  step: Calibration,
  loss: number,
  lossOf: (candidate: Calibration) => number,
): Calibration | undefined {
  for (let halvings = 0; halvings < HALVINGS_MAX; halvings++) {
    const part = 0.5 ** halvings;
    const candidate = {
      slope: from.slope - part * step.slope,
      offset: from.offset - part * step.offset,
    };
    if (lossOf(candidate) < loss - IMPROVEMENT_MIN) return candidate;
  }
  return undefined;
}

/** Slope of the loss divided by its curvature, for both numbers at once. */
function newtonStep(
  { slope, offset }: Calibration,
  logits: Float32Array,
  targets: Float64Array,
): Calibration {
  const gradient = { slope: 0, offset: 0 };
  // The curvature's diagonal starts above zero, so that it can be inverted even for equal logits.
  const curvature = { slope: 1e-9, offset: 1e-9, both: 0 };
  for (const [row, logit] of logits.entries()) {
    const probability = sigmoid(slope * logit + offset);
    const residual = probability - (targets[row] as number);
    const spread = probability * (1 - probability);
    gradient.slope += residual * logit;
    gradient.offset += residual;
    curvature.slope += spread * logit * logit;
    curvature.both += spread * logit;
    curvature.offset += spread;
  }
  const determinant = curvature.slope * curvature.offset - curvature.both ** 2;
  return {
    slope: (curvature.offset * gradient.slope - curvature.both * gradient.offset) / determinant,
    offset: (curvature.slope * gradient.offset - curvature.both * gradient.slope) / determinant,
  };
}
