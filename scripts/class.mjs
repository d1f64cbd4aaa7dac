import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { compile } from "./compile.mjs";
import { runProgram } from "./program.mjs";

// Simulated pupils go through a class: `npm run class -- --pupils 30 --kill`.

process.chdir(join(import.meta.dirname, ".."));
const config = { resolve: bundle.resolve };
// The bare room beside it is a process of its own.
mkdirSync("dist/class", { recursive: true });
writeFileSync("dist/class/bare.js", await compile("test/classes/bareState.ts", config));
await runProgram("class", "test/classes/index.ts", config);
