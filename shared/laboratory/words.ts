import { count } from "../plural.ts";
import { kindOf as kindOfWorld } from "../worlds/index.ts";
import type { Measure } from "../worlds/measure.ts";
import { kindOf, queryOf, type Study, worldOf } from "./study.ts";
import type { Estimate } from "./summary.ts";

/** The command that makes a study, with every flag that differs from its default. */
export function commandOf(study: Study): string {
  const usualBudget = study.query === "novel" || study.query === "random" ? 40 : 10_000;
  const parts: (readonly [string, unknown, unknown])[] = [
    ["world", study.world, null],
    ["policy", study.policy, null],
    ["query", study.command === "clone" ? null : study.query, null],
    ["rounds", study.rounds, null],
    ["labels", study.labels, null],
    ["budget", study.budget, usualBudget],
    ["drives", study.drives, 1],
    ["demos", study.demos, 1],
    ["decay", study.decay, 0],
    ["gust", study.gust, null],
    ["horizon", study.horizon, null],
    ["noise", study.noise, 0],
    ["lag", study.lag, 0],
    ["inconsistency", study.inconsistency, 0],
    ["temperature", study.temperature, 0],
    ["seeds", study.seeds, null],
    ["seed", study.seed, 1],
    ["held-out", study.heldOut, 20],
    ["validation", study.validation, 20],
  ];
  const flags = parts.filter(([, value, usual]) => value !== usual && value !== null);
  return `npm run lab -- ${study.command} ${flags.map(([name, value]) => `--${name} ${value}`).join(" ")}`;
}

/** The title of a study. */
export function titleOf(study: Study): string {
  const world = worldOf(study);
  const on = `${kindOfWorld(world).preposition} the ${world.title.toLowerCase()}`;
  switch (study.command) {
    case "dagger":
      return `DAgger against cloning ${on}`;
    case "clone":
      return `Cloning ${on}`;
    case "shift":
      return `Error against horizon ${on}`;
  }
}

/** The learner and its query, in one line. */
export function learnersOf(study: Study): string {
  const { title } = kindOf(study);
  return study.command === "clone" ? title : `${title}, asking about ${queryOf(study).title}`;
}

/** The method behind the numbers, in one or two sentences. */
export function methodOf(study: Study): string {
  const { command, seeds, heldOut, validation } = study;
  const runs = `${learnersOf(study)}. Interquartile mean over ${count(seeds, "run")} and its 95 % bootstrap interval over runs; each policy drove ${count(heldOut, "held-out episode")}.`;
  return command === "clone"
    ? runs
    : `${runs} The policy that DAgger returns is its run's best on ${count(validation, "other held-out episode")}, so that its number is not the luck of the best.`;
}

/** A value of the world's measure. */
export function formatted(value: number, scale: Measure["scale"]): string {
  return scale === "share" ? `${(100 * value).toFixed(0)} %` : value.toFixed(2);
}

/** "5.10 [4.20, 6.03]" */
export function withInterval(
  { value, low, high }: Estimate,
  format: (value: number) => string,
): string {
  return `${format(value)} [${format(low)}, ${format(high)}]`;
}
