import { svgOf } from "./figure.ts";
import { pageOf } from "./page.ts";
import type { Run } from "./run.ts";
import type { Study } from "./study.ts";
import { figuresOf } from "./studyFigures.ts";
import { summarise } from "./summary.ts";
import { textOf } from "./table.ts";

export { BadFlags } from "./arguments.ts";
export { cover, coverageOutputs } from "./coverage.ts";
export { enduranceOutputs, endure } from "./endurance.ts";
export { help, type LabRequest, options, parse } from "./flags.ts";
export { readProblem, readWeights } from "./problem.ts";
export { BadFile } from "./problemFile.ts";
export { recover, recoveryOutputs } from "./recovery.ts";
export { run } from "./run.ts";
export { setbackOutputs, teach } from "./setbacks.ts";
export { consequencesOf, solve } from "./solution.ts";

/** The result of a study as text, as JSON, as a page and as a figure. */
export function outputs(study: Study, runs: readonly Run[]) {
  const result = summarise(study, runs);
  return {
    text: textOf(result),
    json: `${JSON.stringify(result)}\n`,
    page: pageOf(result),
    figure: svgOf(figuresOf(result)[0]!, true),
  };
}
