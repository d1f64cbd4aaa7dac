import { setTimeout as pause } from "node:timers/promises";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { post } from "../fuzz/wire.ts";
import { newKey, type ServerAddress } from "../server/server.ts";
import { until } from "./agenda.ts";
import { Asker } from "./asker.ts";

/** An address that no other client has. */
export const strangersAddress = "127.0.0.2";

/** Time between two requests of a stranger. */
const step = 50; // ms
/** Longest wait for an answer after the end, ms. */
const patience = 60_000;
const light = { query: "every", budget: 20, drives: 2 };
/** In turn: one learns where another has learned all that there is. */
const lightPolicies = ["softmax", "tabular"] as const;

/** A stranger's waiting times. */
export interface WaitingTimes {
  /** Time from when each request was due to its acknowledgement, ms. */
  readonly waited: readonly number[];
  /** Requests that were refused or never answered; they have no times. */
  readonly undone: number;
}

/** A client with a small lesson and its own address, which others must not slow down. */
export class Stranger {
  readonly #asker: Asker;
  #nTrainings = 0;

  private constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** Begins a lesson, shows two episodes and lets the learner train. */
  static async begin(server: ServerAddress): Promise<Stranger> {
    const asker = await open(server);
    for (const seed of [5000, 5001]) {
      const episode = demonstrate(worlds.garden!, seed);
      await done(asker.ask("demonstrate", { key: newKey(), episode }));
    }
    const stranger = new Stranger(asker);
    await stranger.train();
    return stranger;
  }

  /** Milliseconds that a light training takes. */
  async train(): Promise<number> {
    const began = performance.now();
    const policy = lightPolicies[this.#nTrainings++ % lightPolicies.length]!;
    await done(this.#asker.ask("train", { key: newKey(), plan: { ...light, policy } }));
    return performance.now() - began;
  }

  /** Answers the first question of the first round and takes it back again and again, at fixed times. */
  async answer(isOver: () => boolean): Promise<WaitingTimes> {
    const waited: number[] = [];
    const all: Promise<void>[] = [];
    const begin = performance.now();
    for (let i = 0; !isOver() || i % 2 === 1; i++) {
      const due = begin + i * step;
      await until(due);
      const place = { key: newKey(), round: 0, index: 0 };
      const asked =
        i % 2 === 0
          ? this.#asker.ask("label", { ...place, action: [1] })
          : this.#asker.ask("undo", place);
      all.push(
        asked.then((answer) => {
          if (answer === "done") waited.push(performance.now() - due);
        }),
      );
    }
    const answered = Promise.all(all);
    await Promise.race([answered, pause(patience, null, { ref: false })]);
    return { waited, undone: all.length - waited.length };
  }

  end(): void {
    this.#asker.end();
  }
}

/** Time until a new client is in a new lesson, ms; null where it is refused. */
export async function newcomer(server: ServerAddress): Promise<number | null> {
  const began = performance.now();
  try {
    (await open(server)).end();
    return performance.now() - began;
  } catch {
    return null;
  }
}

async function open(server: ServerAddress): Promise<Asker> {
  const body = { world: "garden" };
  const { id, secret } = (await post(server, "/api/lessons", body, strangersAddress)) as Begun;
  return Asker.open(server, { lesson: id, secret }, strangersAddress);
}

async function done(asked: Promise<string>): Promise<void> {
  const answer = await asked;
  if (answer !== "done") throw new Error(`a stranger's request: ${answer}`);
}
