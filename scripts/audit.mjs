import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What may not be installed any more; less grave holes are for whoever chooses what to depend on. */
const grave = ["high", "critical"];

/**
 * Asks the registry for known holes in what package-lock.json lists, says what it answered in a line
 * each, and resolves to how many packages have a grave one. A registry that knows nothing of holes,
 * or that cannot be reached, has found none, and has not said that there are none.
 */
export async function audit() {
  const { stdout } = await run("npm", ["audit", "--json", "--fetch-retries=0"]);
  const { vulnerabilities, metadata } = parsed(stdout);
  if (!vulnerabilities || !metadata) {
    console.log("Known holes were not looked for: the registry does not answer that.");
    return 0;
  }
  const found = Object.values(vulnerabilities).filter(({ severity }) => grave.includes(severity));
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

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.chdir(join(import.meta.dirname, ".."));
  process.exitCode = (await audit()) === 0 ? 0 : 1;
}
