import { run } from "../dist/lab/laboratory.js";

/** One run of a study, on a thread of its own. */
export default ({ study, index, port }) => run(study, index, (share) => port.postMessage(share));
