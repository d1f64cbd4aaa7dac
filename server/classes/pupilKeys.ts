import type { Begun } from "../../shared/lesson/protocol.ts";
import { pupilLesson, pupilSecret, pupilSeeds } from "./secrets.ts";

/** What follows from a class's seed for each of its pupils, by their number. */
export class PupilKeys {
  readonly #seed: string;
  /** It takes a moment, and a page with all pupils needs all of them. */
  readonly #known = new Map<number, { readonly secret: string; readonly lesson: Begun }>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The secret of a pupil who has come, and their lesson. */
  of(pupil: number): { readonly secret: string; readonly lesson: Begun } {
    const known = this.#known.get(pupil);
    if (known) return known;
    const keys = {
      secret: this.secretOf(pupil),
      lesson: pupilLesson(this.#seed, pupil),
    };
    this.#known.set(pupil, keys);
    return keys;
  }

  /** What the secret of a pupil of this number is, or would be. */
  secretOf(pupil: number): string {
    return pupilSecret(this.#seed, pupil);
  }

  /** The seed of each of a pupil's demonstrations. */
  seedsOf(pupil: number): (demonstration: number) => number {
    return pupilSeeds(this.#seed, pupil);
  }
}
