import { bundle } from "./bundle.mjs";
import { runProgram } from "./program.mjs";

// Simulated participants go through a study: `npm run pilot -- --participants 200`.

await runProgram("pilot", "test/studies/index.ts", { resolve: bundle.resolve });
