export interface Minimum {
  /** [n] */
  readonly x: Float64Array;
  readonly value: number;
  /** Euclidean. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly evaluations: number;
  /**
   * [n][n], the estimate of the inverse Hessian, from which a similar problem may start: that of BFGS,
   * or the one given for Newton's last step. Before any step, the one given, or the identity.
   */
  readonly inverse: Float64Array;
}

export interface StoppingRule {
  /** Stops once the gradient's Euclidean norm is at most this. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

const sufficient = 1e-4; // Armijo's constant
const curvature = 0.9; // Wolfe's constant
const maxTrials = 40;

/**
 * Minimises a smooth function by BFGS (Nocedal and Wright 2006, algorithm 6.1) or by Newton's method,
 * with a bracketing line search for the weak Wolfe conditions (Lewis and Overton 2013, algorithm
 * 2.6). Close to the minimum, where differences of values drown in rounding, a step may be accepted by
 * its slope alone (the approximate Wolfe condition of Hager and Zhang 2005).
 *
 * @param start [n]
 * @param evaluate returns the value at x [n] and writes its gradient [n]
 * @param progress told (gradient norm, iterations) at the start and after each iteration
 * @param inverse [n][n], an estimate of the inverse Hessian at the start, symmetric and positive
 * definite; the first step is then Newton's. A function is called at each x where a step begins, right
 * after x was evaluated: all steps are then Newton's. Without it the scale is unknown, and the first step has
 * length 1 at most.
 * @throws RangeError where `inverse` has the wrong length or leads uphill
 */
export function minimise(
  start: Float64Array,
  evaluate: (x: Float64Array, gradient: Float64Array) => number,
  { tolerance, maxIterations }: StoppingRule,
  progress: (gradientNorm: number, iterations: number) => void = () => {},
  inverse?: Float64Array | ((x: Float64Array) => Float64Array),
): Minimum {
  const n = start.length;
  const newton = typeof inverse === "function" ? inverse : null;
  if (typeof inverse === "object" && inverse.length !== n * n)
    throw new RangeError(`the inverse Hessian has ${inverse.length} entries for ${n} variables`);
  let x = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let trial = new Float64Array(n);
  let trialGradient = new Float64Array(n);
  const direction = new Float64Array(n);
  const s = new Float64Array(n);
  const y = new Float64Array(n);
  const hy = new Float64Array(n);
  const h = typeof inverse === "object" ? inverse.slice() : identity(n, 1);

  let value = evaluate(x, gradient);
  let evaluations = 1;
  let norm = Math.sqrt(dot(gradient, gradient));
  let iterations = 0;
  progress(norm, iterations);

  while (norm > tolerance && iterations < maxIterations) {
    if (newton) h.set(newton(x));
    multiply(h, gradient, direction);
    for (let i = 0; i < n; i++) direction[i] = -direction[i]!;
    const slope = dot(gradient, direction);
    if (!(slope < 0)) throw new RangeError("the inverse Hessian is not positive definite");
    const noise = 1e-9 * (1 + Math.abs(value));

    const blind = iterations === 0 && !inverse;
    let step = blind ? Math.min(1, 1 / norm) : 1;
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let trialValue = value;
    let found = false;
    for (let i = 0; i < maxTrials && !found; i++) {
      for (let j = 0; j < n; j++) trial[j] = x[j]! + step * direction[j]!;
      trialValue = evaluate(trial, trialGradient);
      evaluations++;
      const trialSlope = dot(trialGradient, direction);
      const falls =
        trialValue <= value + sufficient * step * slope ||
        (trialValue <= value + noise && trialSlope <= (2 * sufficient - 1) * slope);
      if (!falls) high = step;
      else if (trialSlope < curvature * slope) low = step;
      else found = true;
      if (!found) step = Number.isFinite(high) ? (low + high) / 2 : 2 * low;
    }
    if (!found) break;

    if (!newton) {
      for (let i = 0; i < n; i++) {
        s[i] = trial[i]! - x[i]!;
        y[i] = trialGradient[i]! - gradient[i]!;
      }
      const sy = dot(s, y);
      if (blind) h.set(identity(n, sy / dot(y, y)));
      update(h, s, y, sy, hy);
    }

    [x, trial] = [trial, x];
    [gradient, trialGradient] = [trialGradient, gradient];
    value = trialValue;
    norm = Math.sqrt(dot(gradient, gradient));
    progress(norm, ++iterations);
  }
  return { x, value, gradientNorm: norm, iterations, evaluations, inverse: h };
}

/** H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ, ρ = 1 / sᵀy (Nocedal and Wright, equation 6.17), in place. */
function update(
  h: Float64Array,
  s: Float64Array,
  y: Float64Array,
  sy: number,
  hy: Float64Array,
): void {
  const n = s.length;
  multiply(h, y, hy);
  const scale = (1 + dot(y, hy) / sy) / sy;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      h[i * n + j]! += scale * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy;
    }
  }
}

function identity(n: number, scale: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = scale;
  return matrix;
}

function multiply(matrix: Float64Array, x: Float64Array, into: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * x[j]!;
    into[i] = sum;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
