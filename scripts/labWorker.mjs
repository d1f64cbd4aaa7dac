const bundle = "../dist/lab/laboratory.js"; // not built yet when types are checked
/** @type {typeof import("../shared/laboratory/index.ts")} */
const { experiments, run } = await import(bundle);

/** @typedef {import("../shared/laboratory/study.ts").Study} Study */
/** @typedef {import("../shared/laboratory/experiments.ts").ExperimentName} ExperimentName */
/** @typedef {import("../shared/laboratory/experiments.ts").Experiment<{ seeds: number }, unknown>} Experiment */

/** @typedef {{ task: "study", study: Study } | { task: ExperimentName, study: { seeds: number } }} Work */

/**
 * One run of a study or of an experiment, in a worker thread. Posts the share that is done, from 0 to 1, to `port`.
 * @param {Work & { index: number, port: import("node:worker_threads").MessagePort }} task
 */
export default ({ task, study, index, port }) => {
  if (task === "study") return run(study, index, (share) => port.postMessage(share));
  /** @type {unknown} */
  const experiment = experiments[task];
  const done = /** @type {Experiment} */ (experiment).run(study, index);
  port.postMessage(1);
  return done;
};
