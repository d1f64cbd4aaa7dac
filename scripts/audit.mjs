import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Severities with which a dependency fails the check; others are left to whoever updates dependencies. */
const serious = ["high", "critical"];

/**
 * Asks the registry for known vulnerabilities of the packages in package-lock.json, prints a line for
 * each, and resolves to the number of packages with a serious one. That is 0 too where the registry does
 * not answer, which is then printed.
 */
export async function audit() {
  const { stdout } = await run("npm", ["audit", "--json", "--fetch-retries=0"]);
  const { vulnerabilities, metadata } = parsed(stdout);
  if (!vulnerabilities || !metadata) {
    console.log("Known holes were not looked for: the registry does not answer that.");
    return 0;
  }
  const found = Object.values(vulnerabilities).filter(({ severity }) => serious.includes(severity));
  for (const { name, severity } of found) console.log(`${name} has a known hole (${severity}).`);
  if (found.length === 0) console.log("No grave holes are known in what is installed.");
  return found.length;
}

/**
 * @param {string} command
 * @param {string[]} flags
 * @returns {Promise<{ stdout: string }>}
 */
function run(command, flags) {
  return new Promise((done) => {
    const options = { timeout: 60_000, maxBuffer: 1 << 26, shell: process.platform === "win32" };
    execFile(command, flags, options, (_error, stdout) => done({ stdout }));
  });
}

/**
 * What `npm audit --json` printed; empty where that is no JSON.
 * @param {string} json
 * @returns {{ vulnerabilities?: Record<string, { name: string, severity: string }>, metadata?: object }}
 */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.chdir(join(import.meta.dirname, ".."));
  process.exitCode = (await audit()) === 0 ? 0 : 1;
}
