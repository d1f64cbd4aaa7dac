import { print } from "./report.mjs";

// Speed, each figure a ratio inside one run: `npm run bench [-- --json]`.
await print("test/bench/index.ts");
