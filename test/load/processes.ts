import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { AttackOutcome } from "./attacks.ts";
import type { BotCommand, PlayResult } from "./bots.ts";
import type { Gauge } from "./gauge.ts";
import type { Reconciliation } from "./player.ts";

/** Where `scripts/load.mjs` puts the bundles of the other processes. */
const programs = "dist/load";

/** A process of bots. */
export class Bots {
  readonly #child: ChildProcess = fork(resolve(programs, "bots.js"), [], {
    serialization: "advanced",
  });

  readonly #gone: Promise<never> = once(this.#child, "exit").then(() => {
    throw new Error("the bots' process is gone");
  });

  constructor() {
    this.#gone.catch(() => {});
  }

  /** Sends a command and resolves to its outcome. One at a time. */
  async tell(order: BotCommand & { name: "reconcile" | "come and go" }): Promise<Reconciliation[]>;
  async tell(order: BotCommand & { name: "attack" }): Promise<AttackOutcome>;
  async tell(order: BotCommand): Promise<PlayResult>;
  async tell(order: BotCommand): Promise<PlayResult | Reconciliation[] | AttackOutcome> {
    this.#child.send(order);
    const [said] = await Promise.race([once(this.#child, "message"), this.#gone]);
    const { answer, failure } = said as {
      answer: PlayResult | Reconciliation[] | AttackOutcome;
      failure?: string;
    };
    if (failure !== undefined) throw new Error(failure);
    return answer;
  }

  end(): void {
    this.#child.kill();
  }
}

/** The bare server, in a process like the real one's. */
export class BareServer {
  address = "";
  #child: ChildProcess | null = null;

  async start(gauge: Gauge): Promise<void> {
    const child = spawn(process.execPath, [resolve(programs, "bare.js")], {
      env: { ...process.env, ...gauge.env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    process.once("exit", () => child.kill("SIGKILL"));
    let said = "";
    while (!this.address && child.exitCode === null) {
      said += String((await once(child.stdout, "data"))[0]);
      this.address = said.match(/ready: (\S+)\n/)?.[1] ?? "";
    }
    child.stdout.resume();
    if (!this.address) throw new Error(`the bare server said: ${said}`);
    this.#child = child;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
}

/** The numbers from 0 up to `n`, distributed over `botProcesses`. */
export function deal(n: number, botProcesses: number): number[][] {
  return Array.from({ length: botProcesses }, (_, botProcess) =>
    Array.from({ length: n }, (_, i) => i).filter((i) => i % botProcesses === botProcess),
  );
}
