import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { end } from "../server.ts";

/** A trainer as it is built, in a process of its own. */
export class RunningTrainer {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Starts one with `env` on top of the environment, and waits until it takes work. */
  static async start(env: Readonly<Record<string, string>>): Promise<RunningTrainer> {
    const child = launchTrainer(env);
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    const line = once(child.stdout!, "data").then(([chunk]) => String(chunk));
    const said = await Promise.race([line, end(child).then(({ stderr }) => stderr)]);
    if (!said.startsWith("A trainer is ready")) throw new Error(`the trainer said: ${said}`);
    return new RunningTrainer(child);
  }

  /** Kills it, as a power cut would. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill(signal);
    await gone;
  }
}

/** Starts the trainer's program with `env` on top of the environment. */
export function launchTrainer(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [resolve("dist/server/trainer.js")], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
