import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { resolve } from "node:path";

/**
 * Starts the server program where no file may grow past `size` bytes, as on a disk that is full. The
 * signal that comes with it is ignored, so that a write fails as it does there.
 */
export function launchWithin(size: number) {
  return (env: Record<string, string>): ChildProcess => {
    const blocks = Math.ceil(size / 512);
    const script = `trap '' XFSZ; ulimit -S -f ${blocks}; exec "$0" "$1"`;
    const child = spawn("sh", ["-c", script, process.execPath, resolve("dist/server/index.js")], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    return child;
  };
}

/** Makes room on the disk of a process that was started by {@link launchWithin}. */
export function makeRoom(child: ChildProcess): void {
  execFileSync("prlimit", ["--pid", `${child.pid}`, "--fsize=unlimited"]);
}
