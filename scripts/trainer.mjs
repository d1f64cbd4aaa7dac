import { join } from "node:path";
import { prepare } from "./build.mjs";
import { requireNode } from "./install.mjs";

// A process that takes trainings from servers with TRAINERS=remote: `npm run trainer`, on any machine.
process.chdir(join(import.meta.dirname, ".."));
requireNode();
prepare();
const built = "../dist/server/trainer.js"; // not built yet when types are checked
await import(built);
