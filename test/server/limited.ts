import { type ChildProcess, execFileSync } from "node:child_process";
import { launch } from "./server.ts";

/**
 * Starts the server program where no file may grow past `size` bytes, as on a disk that is full. The
 * signal that comes with it is ignored, so that a write fails as it does there.
 */
export function launchWithin(size: number) {
  const script = `trap '' XFSZ; ulimit -S -f ${Math.ceil(size / 512)}; exec "$0" "$1"`;
  return (env: Record<string, string>): ChildProcess => launch(env, {}, ["sh", "-c", script]);
}

/** Makes room on the disk of a process that was started by {@link launchWithin}. */
export function makeRoom(child: ChildProcess): void {
  execFileSync("prlimit", ["--pid", `${child.pid}`, "--fsize=unlimited"]);
}
