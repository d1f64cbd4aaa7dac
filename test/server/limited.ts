import { type ChildProcess, execFileSync } from "node:child_process";
import { launch } from "./server.ts";

/**
 * Starts the server program with a limit of `size` bytes for each file, as a stand-in for a full disk. The
 * limit's signal is ignored, so that a write fails as it does there.
 */
export function launchWithin(size: number) {
  const script = `trap '' XFSZ; ulimit -S -f ${Math.ceil(size / 512)}; exec "$0" "$1"`;
  return (env: Record<string, string>): ChildProcess => launch(env, {}, ["sh", "-c", script]);
}

/** Raises the limit of a process that was started by {@link launchWithin}. */
export function makeRoom(child: ChildProcess): void {
  execFileSync("prlimit", ["--pid", `${child.pid}`, "--fsize=unlimited"]);
}
