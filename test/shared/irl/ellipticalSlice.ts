import type { Random } from "../../../shared/random.ts";

/**
 * Samples from a posterior with an independent normal prior of mean 0, by elliptical slice sampling (Murray, Adams and
 * MacKay 2010, figure 2): no step size, no rejection, and no derivative of anything.
 *
 * @param deviation of each weight's prior
 * @param logLikelihood of weights [k]
 * @param start [k]
 */
export function ellipticalSlice(
  deviation: number,
  logLikelihood: (weights: Float64Array) => number,
  start: Float64Array,
  n: number,
  random: Random,
): Float64Array[] {
  const samples: Float64Array[] = [];
  let now = start;
  let likelihood = logLikelihood(now);
  for (let i = 0; i < n; i++) {
    const other = now.map(() => deviation * random.normal());
    const threshold = likelihood + Math.log(random.uniform());
    let angle = 2 * Math.PI * random.uniform();
    let [low, high] = [angle - 2 * Math.PI, angle];
    for (;;) {
      const proposed = now.map((w, k) => w * Math.cos(angle) + other[k]! * Math.sin(angle));
      const value = logLikelihood(proposed);
      if (value > threshold) {
        [now, likelihood] = [proposed, value];
        break;
      }
      if (angle < 0) low = angle;
      else high = angle;
      angle = low + (high - low) * random.uniform();
    }
    samples.push(now);
  }
  return samples;
}
