import { drawn } from "./figure.ts";
import { pageOf } from "./page.ts";
import type { Run } from "./run.ts";
import type { Study } from "./study.ts";
import { figuresOf } from "./studyFigures.ts";
import { summarise } from "./summary.ts";
import { printed } from "./table.ts";

export { BadFlags } from "./arguments.ts";
export { type Asked, help, options, parse } from "./flags.ts";
export { readProblem, readWeights } from "./problem.ts";
export { BadFile } from "./problemFile.ts";
export { recover, recoveryOutputs } from "./recovery.ts";
export { run } from "./run.ts";
export { consequencesOf, solve } from "./solution.ts";

/** What to write, of a study that is done: for the terminal, for machines, a page and a figure. */
export function outputs(study: Study, runs: readonly Run[]) {
  const result = summarise(study, runs);
  return {
    text: printed(result),
    json: `${JSON.stringify(result)}\n`,
    page: pageOf(result),
    figure: drawn(figuresOf(result)[0]!, true),
  };
}
