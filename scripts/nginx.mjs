import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { onPath } from "./onPath.mjs";

/** Where Debian's nginx package is unpacked. */
const opened = resolve(".cache/nginx");

/**
 * The path of an nginx to test deploy/nginx.conf with: an installed one, or else Debian's, whose package
 * is unpacked but not installed, as installing it would start it on port 80. Null where there is none.
 */
export function nginx() {
  const found = present();
  if (found || process.getuid?.() !== 0 || !onPath("apt-get")) return found;
  console.log(`No nginx here: opening Debian's in ${opened} …`);
  mkdirSync(opened, { recursive: true });
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["download", "-qq", "nginx"]);
  const file = readdirSync(opened).find((name) => name.endsWith(".deb"));
  if (file) run("dpkg", ["-x", file, "."]);
  return present();
}

/** The path of an nginx that runs: an unpacked one may lack a library. */
function present() {
  // Some of these are on root's PATH only.
  const elsewhere = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", join(opened, "usr/sbin/nginx")];
  const runs = (/** @type {string | undefined} */ path) =>
    path && existsSync(path) && spawnSync(path, ["-v"]).status === 0;
  return [onPath("nginx"), ...elsewhere].find(runs) ?? null;
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  spawnSync(command, args, { cwd: opened, stdio: "ignore" });
}
