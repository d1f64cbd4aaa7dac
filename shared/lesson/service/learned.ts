import { arithmetic } from "../../arithmetic.ts";
import { type Lesson, nPairs, type Round } from "../lesson.ts";
import { NotStored } from "../log.ts";
import type { LearnedPolicy, Race } from "../protocol.ts";
import { isRefusal, type Refusal } from "../refusal.ts";
import { refusePolicy, refuseRace } from "../requests.ts";
import { largestPolicy } from "../sizes.ts";
import type { Platform } from "./platform.ts";
import { notWhatWasLearned, tooLargePolicy } from "./refusals.ts";
import type { Order } from "./work.ts";

/** What it takes to train a round again: no more of its lesson, which may leave memory meanwhile. */
type Recipe = Pick<
  Round,
  "seq" | "basis" | "plan" | "seed" | "learningSeed" | "digest" | "arithmetic" | "pairs"
> & { readonly round: number };

/** What a lesson's rounds have learned: the parameters, and what they do on the road. */
export class Learned {
  readonly #platform: Pick<Platform, "log" | "work" | "digest">;
  /** Of each who pays, the last training again, which settles without a result. */
  readonly #again = new Map<string, Promise<void>>();

  constructor(platform: Pick<Platform, "log" | "work" | "digest">) {
    this.#platform = platform;
  }

  /** What the last round learned, for whoever wants to drive with it. */
  last(lesson: Lesson, order: Order): Promise<LearnedPolicy | Refusal> {
    const refusal = refusePolicy(lesson);
    if (refusal) return Promise.resolve(refusal);
    const round = lesson.rounds.length - 1;
    return this.policyOf(lesson, round, order).then((json) =>
      typeof json === "string" ? { round, json } : json,
    );
  }

  /** What a round learned, as JSON. */
  policyOf(lesson: Lesson, round: number, order: Order): Promise<string | Refusal> {
    return this.#policyOf(recipeOf(lesson, round), order);
  }

  /** Lets the first round's learner and the last one's drive on `seed`. */
  race(lesson: Lesson, seed: number, order: Order): Promise<Race | Refusal> {
    const refusal = refuseRace(lesson, seed);
    if (refusal) return Promise.resolve(refusal);
    const rounds = [...new Set([0, lesson.rounds.length - 1])];
    const recipes = rounds.map((round) => recipeOf(lesson, round));
    return this.#race(lesson.world, recipes, seed, order);
  }

  async #race(
    world: string,
    recipes: readonly Recipe[],
    seed: number,
    order: Order,
  ): Promise<Race | Refusal> {
    const racers: { round: number; policy: string }[] = [];
    for (const recipe of recipes) {
      const policy = await this.#policyOf(recipe, order);
      if (typeof policy !== "string") return policy;
      racers.push({ round: recipe.round, policy });
    }
    return this.#platform.work.race({ world, seed, racers }, order);
  }

  /** What a round learned, as JSON; it follows from the log where it is no longer kept as it was. */
  async #policyOf(recipe: Recipe, order: Order): Promise<string | Refusal> {
    const kept = await this.#kept(recipe, order);
    if (kept !== null) return kept;
    // One after the other, so that whoever asks for the same meanwhile finds it kept; but nobody waits for
    // the work of someone else.
    const { payer, signal } = order;
    const before = this.#again.get(payer) ?? Promise.resolve();
    const again = before.then(async () => {
      signal?.throwIfAborted();
      return (await this.#kept(recipe, order)) ?? this.#trainAgain(recipe, order);
    });
    const settled = again
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        if (this.#again.get(payer) === settled) this.#again.delete(payer);
      });
    this.#again.set(payer, settled);
    return again;
  }

  async #trainAgain(recipe: Recipe, order: Order): Promise<string | Refusal> {
    const { seq, basis, plan, seed, learningSeed, digest, arithmetic: by, pairs } = recipe;
    const task = { basis, plan, seed, learningSeed };
    const trained = await this.#platform.work.train(task, pairs, order);
    if (isRefusal(trained)) return trained;
    const { policy, round: again } = trained;
    const isSame = again.digest === digest;
    // By another arithmetic the last bits may differ. By this one, the log does not say what was learned.
    if (by === arithmetic && !isSame) return notWhatWasLearned;
    if (policy.length > largestPolicy) return tooLargePolicy;
    await this.#keep(seq, isSame ? policy : again.digest + policy, order);
    return policy;
  }

  /** Null where it is not kept, or damaged. */
  async #kept({ seq, digest, arithmetic: by }: Recipe, order: Order): Promise<string | null> {
    const { log, digest: digestOf } = this.#platform;
    const text = await log.policy(order.lesson, seq);
    if (text === undefined) return null;
    if ((await digestOf(text)) === digest) return text;
    if (by === arithmetic) return null;
    // Computed again by another arithmetic, it has its own digest before it.
    const own = text.slice(0, digest.length);
    const json = text.slice(digest.length);
    return (await digestOf(json)) === own ? json : null;
  }

  async #keep(seq: number, text: string, { lesson, spend }: Order): Promise<void> {
    try {
      await this.#platform.log.keepPolicy(lesson, seq, text, spend);
    } catch (error) {
      // A full disk is no reason not to show it.
      if (!(error instanceof NotStored)) throw error;
    }
  }
}

function recipeOf(lesson: Lesson, round: number): Recipe {
  const { seq, basis, plan, seed, learningSeed, digest, arithmetic, pairs } = lesson.rounds[round]!;
  // A file can say fewer pairs than there are, and long work would pass for short.
  const most = Math.max(pairs, nPairs(lesson));
  return { round, seq, basis, plan, seed, learningSeed, digest, arithmetic, pairs: most };
}
