import { runProgram } from "./program.mjs";

// Kills the server again and again while people teach: `npm run faults -- --kills 100 --seed 1`.
// `--rolls 5` adds restarts without downtime; `--startup` measures how long starts take instead.
// `--processes 2` has several that share their lessons: `--kills 50 --stalls 10 --redis-restarts 5 --postgres-kills 5`,
// `--partitions 10 --clock-jumps 10 --rolls 5`; with `--trainers 2` also `--trainer-rolls 5`.

const isOne = !process.argv.some((arg) => arg.startsWith("--processes"));
await runProgram("faults", `test/faults/${isOne ? "index" : "several"}.ts`);
