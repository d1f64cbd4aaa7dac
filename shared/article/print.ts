import type { Article } from "./index.ts";

/** The results in the article's format: its lines, under the name of each listing. */
export function textOf(results: Article): string {
  const { behaviouralCloning, distributionalShift, dagger, featureMatching, maxEnt } = results;
  const [x, y] = behaviouralCloning.finalPosition as [number, number];
  return [
    "Section 2: behavioural cloning",
    `BC final position: (${x.toFixed(2)}, ${y.toFixed(2)})`,
    `Expert final pos:  (${(6).toFixed(2)}, ${Math.sin(12).toFixed(2)})`,
    "",
    "Section 3: distributional shift",
    "Cumulative BC error at different horizons:",
    ...Object.entries(distributionalShift.cumulativeErrorAt).map(
      ([horizon, error]) => `  T=${horizon}: cumulative error = ${error.toFixed(3)}`,
    ),
    "",
    "Section 4: DAgger",
    "DAgger average error per round:",
    ...dagger.averageErrorPerRound.map(
      (error, round) => `  Round ${round + 1}: ${error.toFixed(4)}`,
    ),
    "",
    "Section 5: feature matching",
    `Learned reward weights: ${numpyVector(featureMatching.weights)}`,
    "",
    "Recovered reward grid (normalized):",
    ...featureMatching.normalisedReward.map(gridRow),
    "",
    "Section 6: maximum entropy",
    `MaxEnt reward weights: ${numpyVector(maxEnt.weights)}`,
    "",
    "MaxEnt recovered reward grid (normalized):",
    ...maxEnt.normalisedReward.map(gridRow),
    "",
  ].join("\n");
}

/** As numpy shows a vector rounded to three places: the columns as wide as the widest. */
function numpyVector(values: readonly number[]): string {
  const shown = values.map((value) => value.toFixed(3));
  const width = Math.max(...shown.map((text) => text.length));
  return `[${shown.map((text) => text.padStart(width)).join(" ")}]`;
}

/** As Python shows a list of strings. */
function gridRow(values: readonly number[]): string {
  const shown = values.map((value) => `'${value < 0 ? "" : "+"}${value.toFixed(2)}'`);
  return `   [${shown.join(", ")}]`;
}
