import { arithmetic } from "../../arithmetic.ts";
import { type Lesson, nPairs, type Round } from "../lesson.ts";
import { NotStored } from "../log.ts";
import type { LearnedPolicy, Race } from "../protocol.ts";
import { isRefusal, type Refusal } from "../refusal.ts";
import { refusePolicy } from "../requests.ts";
import { largestPolicy } from "../sizes.ts";
import type { Platform } from "./platform.ts";
import { notWhatWasLearned, tooLargePolicy } from "./refusals.ts";
import type { Order } from "./work.ts";

/** What a lesson's rounds have learned: the parameters, and what they do on the road. */
export class Learned {
  readonly #platform: Pick<Platform, "log" | "work" | "digest">;
  /** The last training again; settles without a result. */
  #again: Promise<void> = Promise.resolve();

  constructor(platform: Pick<Platform, "log" | "work" | "digest">) {
    this.#platform = platform;
  }

  /** What the last round learned, for whoever wants to drive with it. */
  async last(lesson: Lesson, order: Order): Promise<LearnedPolicy | Refusal> {
    const refusal = refusePolicy(lesson);
    if (refusal) return refusal;
    const round = lesson.rounds.length - 1;
    const json = await this.#policyOf(lesson, lesson.rounds[round]!, order);
    return typeof json === "string" ? { round, json } : json;
  }

  /** Lets the first round's learner and the last one's drive on `seed`. */
  async race(lesson: Lesson, seed: number, order: Order): Promise<Race | Refusal> {
    const { world, rounds } = lesson;
    const racers: { round: number; policy: string }[] = [];
    for (const round of new Set([0, rounds.length - 1])) {
      const policy = await this.#policyOf(lesson, rounds[round]!, order);
      if (typeof policy !== "string") return policy;
      racers.push({ round, policy });
    }
    return this.#platform.work.race({ world, seed, racers }, order);
  }

  /** What a round learned, as JSON; it follows from the log where it is no longer kept as it was. */
  async #policyOf(lesson: Lesson, round: Round, order: Order): Promise<string | Refusal> {
    const kept = await this.#kept(round, order);
    if (kept !== null) return kept;
    // One after the other, so that whoever asks for the same meanwhile finds it kept.
    const again = this.#again.then(
      async () => (await this.#kept(round, order)) ?? this.#trainAgain(lesson, round, order),
    );
    this.#again = again.then(
      () => {},
      () => {},
    );
    return again;
  }

  async #trainAgain(lesson: Lesson, round: Round, order: Order): Promise<string | Refusal> {
    const { seq, basis, plan, seed, learningSeed, digest, arithmetic: by, pairs } = round;
    const task = { basis, plan, seed, learningSeed };
    // A file can say fewer pairs than there are, and long work would pass for short.
    const trained = await this.#platform.work.train(task, Math.max(pairs, nPairs(lesson)), order);
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
  async #kept({ seq, digest, arithmetic: by }: Round, order: Order): Promise<string | null> {
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
