/** Adam's usual constants (Kingma and Ba, 2015). */
const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

export interface Adam {
  /** Moves every parameter one step down its slope. `parameters` are changed in place. */
  step(parameters: readonly Float32Array[], slopes: readonly Float32Array[], rate: number): void;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), which the library's own lacks.
 * It works on plain arrays: the library's Adam runs a dozen kernels for each parameter, which takes
 * longer than the whole gradient of a network as small as ours. Biases, the odd parameters, are not
 * decayed: they do not make a network more complicated.
 */
export function createAdam(sizes: readonly number[], weightDecay: number): Adam {
  const means = sizes.map((size) => new Float64Array(size));
  const squares = sizes.map((size) => new Float64Array(size));
  let steps = 0;

  function move(at: number, parameter: Float32Array, slope: Float32Array, rate: number): void {
    const mean = means[at] as Float64Array;
    const square = squares[at] as Float64Array;
    const kept = at % 2 === 0 ? 1 - rate * weightDecay : 1;
    const meanScale = rate / (1 - MEAN_DECAY ** steps);
    const squareScale = 1 / (1 - SQUARE_DECAY ** steps);
    for (let i = 0; i < parameter.length; i++) {
      const s = slope[i] as number;
      const m = MEAN_DECAY * (mean[i] as number) + (1 - MEAN_DECAY) * s;
      const q = SQUARE_DECAY * (square[i] as number) + (1 - SQUARE_DECAY) * s * s;
      mean[i] = m;
      square[i] = q;
      const moved = (meanScale * m) / (Math.sqrt(squareScale * q) + EPSILON);
      parameter[i] = (parameter[i] as number) * kept - moved;
    }
  }

  return {
    step: (parameters, slopes, rate) => {
      steps++;
      for (const [at, parameter] of parameters.entries()) {
        move(at, parameter, slopes[at] as Float32Array, rate);
      }
    },
  };
}
