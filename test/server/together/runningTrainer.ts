import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { end } from "../server.ts";

/** A trainer as it is built, in a process of its own. */
export class RunningTrainer {
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess;

  private constructor(env: Readonly<Record<string, string>>, process: ChildProcess) {
    this.#env = env;
    this.#process = process;
  }

  /** Starts one with `env` on top of the environment, and waits until it takes work. */
  static async start(env: Readonly<Record<string, string>>): Promise<RunningTrainer> {
    return new RunningTrainer(env, await ready(env));
  }

  /** Kills it, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Stops it, and resolves to its exit code; null where it had ended already, or did not end by itself. */
  stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  /** Stops it and starts it again, as an upgrade does. Resolves to whether it ended by itself. */
  async restart(): Promise<boolean> {
    const code = await this.stop();
    this.#process = await ready(this.#env);
    return code === 0;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return null;
    const gone = once(this.#process, "exit");
    this.#process.kill(signal);
    const [code] = await gone;
    return code;
  }
}

async function ready(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = launchTrainer(env);
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const line = once(child.stdout!, "data").then(([chunk]) => String(chunk));
  const said = await Promise.race([line, end(child).then(({ stderr }) => stderr)]);
  if (!said.startsWith("A trainer is ready")) throw new Error(`the trainer said: ${said}`);
  return child;
}

/** Starts the trainer's program with `env` on top of the environment. */
export function launchTrainer(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [resolve("dist/server/trainer.js")], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
