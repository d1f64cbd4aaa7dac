import { bundle } from "./bundle.mjs";
import { runProgram } from "./program.mjs";

// Simulated participants go through a study: `npm run pilot -- --participants 200`. With `--world oval
// --ways takeover,when-asked` they play there, and have a task for each of these ways.

await runProgram("pilot", "test/studies/index.ts", { resolve: bundle.resolve });
