import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { audit } from "./audit.mjs";
import build from "./build.mjs";
import { check } from "./check.mjs";
import { chromium } from "./chromium.mjs";
import { install, requireNode } from "./install.mjs";
import { nginx } from "./nginx.mjs";
import { postgres } from "./postgres.mjs";
import { installReaders, readers } from "./readers.mjs";
import { redis } from "./redis.mjs";

process.chdir(join(import.meta.dirname, ".."));
requireNode();
install();
const browser = await chromium();
const postgresBin = postgres() ?? "";
const redisServer = redis() ?? "";
installReaders();
console.log(`Testing with ${browser}.`);
build();
const complaints = check() + (await audit());

const report = "dist/tests.json";
rmSync(report, { force: true });
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const { status } = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...process.argv.slice(2)],
  {
    stdio: ["ignore", "inherit", "inherit"],
    // Test files that run side by side would each look for them, and install what is missing.
    env: {
      ...process.env,
      CHROMIUM: browser,
      POSTGRES_BIN: postgresBin,
      REDIS_SERVER: redisServer,
    },
  },
);

const { passed, failed } = count();
console.log(`${passed} passed, ${failed} failed`);
const { python, duckdb } = readers();
if (!python)
  console.log(
    "NOT TESTED: exports as CSV, Minari and imitation, for want of Python with pandas and h5py.",
  );
if (!duckdb) console.log("NOT TESTED: exports as Parquet and LeRobot, for want of DuckDB.");
if (!postgresBin) console.log("NOT TESTED: lessons in PostgreSQL, for want of PostgreSQL.");
if (!redisServer) console.log("NOT TESTED: several processes and trainers, for want of Redis.");
else if (!nginx()) console.log("NOT TESTED: two pages on two processes, for want of nginx.");
process.exitCode = failed === 0 ? 0 : 1;

/** Counts skipped tests, failed checks and known vulnerabilities as failures. */
function count() {
  if (!existsSync(report)) return { passed: 0, failed: complaints + 1 };
  /** @type {import("vitest/reporters").JsonTestResults} */
  const results = JSON.parse(readFileSync(report, "utf8"));
  const { testResults, numTotalTests, numPassedTests } = results;
  const broken = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  const failed = complaints + broken + numTotalTests - numPassedTests;
  // Vitest also fails for an error outside of any test, or without tests.
  return { passed: numPassedTests, failed: status === 0 ? failed : Math.max(1, failed) };
}
