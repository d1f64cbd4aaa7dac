const bundle = "../dist/lab/laboratory.js"; // not built yet when types are checked
/** @type {typeof import("../shared/laboratory/index.ts")} */
const { run } = await import(bundle);

/** @typedef {import("../shared/laboratory/study.ts").Study} Study */

/**
 * One run of a study, in a worker thread. Posts the share that is done, from 0 to 1, to `port`.
 * @param {{ study: Study, index: number, port: import("node:worker_threads").MessagePort }} task
 */
export default ({ study, index, port }) => run(study, index, (share) => port.postMessage(share));
