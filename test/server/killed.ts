import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Ends a process as a power cut would, and waits until it has gone. */
export async function killed(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
