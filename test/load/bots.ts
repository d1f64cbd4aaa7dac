import { monitorEventLoopDelay } from "node:perf_hooks";
import {
  type Attack,
  type AttackName,
  type AttackOutcome,
  attacks,
  type Target,
} from "./attacks.ts";
import { BarePlayer } from "./barePlayer.ts";
import { comeAndGo } from "./comeAndGo.ts";
import { Player, type Reconciliation } from "./player.ts";
import { newTally, type Tally } from "./tally.ts";

// A process of bots. It runs one command at a time and answers each with its outcome.

export type BotCommand =
  | {
      readonly name: "begin";
      readonly address: string;
      readonly bare: boolean;
      readonly indices: readonly number[];
      readonly n: number;
      /** Whether players come back when their connection is closed. */
      readonly comesBack?: boolean;
    }
  | { readonly name: "play"; readonly at: number; readonly seconds: number }
  | { readonly name: "reconcile" }
  | { readonly name: "leave" }
  | { readonly name: "prepare"; readonly attack: AttackName; readonly target: Target }
  | { readonly name: "attack"; readonly seconds: number }
  | {
      readonly name: "come and go";
      readonly address: string;
      readonly lessons: number;
      readonly seconds: number;
    };

export interface PlayResult {
  readonly tally: Tally;
  /** Seconds of processor time that this process has taken since it was started. */
  readonly cpu: number;
  /** Delay of its own timers, which is not the server's, ms. */
  readonly late: number;
}

/** Lessons that are prepared at once. */
const abreast = 4;

let players: (Player | BarePlayer)[] = [];
let attack: Attack;

async function obey(order: BotCommand): Promise<PlayResult | Reconciliation[] | AttackOutcome> {
  const tally = newTally();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  switch (order.name) {
    case "begin": {
      const { address, bare, indices, n, comesBack } = order;
      const waiting = indices.map((index) =>
        bare
          ? new BarePlayer({ address }, { index, n })
          : new Player({ address }, { index, n }, comesBack),
      );
      players = [...waiting];
      await Promise.all(
        Array.from({ length: abreast }, async () => {
          for (let next = waiting.pop(); next; next = waiting.pop()) await next.begin(tally);
        }),
      );
      break;
    }
    case "play": {
      const begin = performance.now() + (order.at - Date.now());
      await Promise.all(players.map((player) => player.play(tally, begin, order.seconds)));
      break;
    }
    case "reconcile": {
      const all: Reconciliation[] = [];
      for (const player of players) {
        if (player instanceof Player) all.push(await player.reconcile());
      }
      return all;
    }
    case "leave":
      await Promise.all(players.map((player) => player.leave()));
      players = [];
      break;
    case "prepare":
      attack = await attacks[order.attack](order.target);
      break;
    case "attack":
      return attack(AbortSignal.timeout(1000 * order.seconds));
    case "come and go":
      return comeAndGo(order, tally);
  }
  const { user, system } = process.cpuUsage();
  const late = Math.max(0, delay.percentile(99) / 1e6 - 10);
  return { tally, cpu: (user + system) / 1e6, late };
}

process.on("message", async (order: BotCommand) => {
  try {
    process.send!({ answer: await obey(order) });
  } catch (error) {
    process.send!({ failure: (error as Error).stack });
  }
});
process.on("disconnect", () => process.exit());
