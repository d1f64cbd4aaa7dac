import type { Arrow, Lit, View } from "../../../stage/activity.ts";

/** Seconds for which one sees what an answer has changed, and in which that comes and goes. */
const seconds = 2;
const fadeSeconds = 0.3;
/** How present that is at most around a question: what is asked comes first. */
const besideQuestion = 0.55;
/** What is left of a lit stretch while one thinks about the next question. */
const afterwards = 0.6;

/** What the learner would do now that it has learned, and for how long that has been shown. */
export class LearnedGlow {
  readonly #arrows: readonly Arrow[];
  readonly #stretches: Lit["stretches"];
  #seconds = 0;

  /** @param stretches of the way along which it would now do something else */
  constructor(arrows: readonly Arrow[], stretches: Lit["stretches"]) {
    this.#arrows = arrows;
    this.#stretches = stretches;
  }

  goOn(seconds: number): void {
    this.#seconds += seconds;
  }

  /** Bright at first, then softly for as long as nothing else is done. */
  get lit(): Lit | null {
    if (this.#stretches.length === 0) return null;
    const dimming = Math.min(1, Math.max(0, (this.#seconds - seconds) / fadeSeconds));
    return { stretches: this.#stretches, presence: 1 - (1 - afterwards) * dimming };
  }

  /**
   * @param moves whether it comes and goes
   * @param forGood whether nothing is asked, so that it may stay
   */
  field(moves: boolean, forGood: boolean): NonNullable<View["field"]> | null {
    const arrows = this.#arrows;
    const coming = moves ? Math.min(1, this.#seconds / fadeSeconds) : 1;
    if (forGood) return { arrows, presence: coming };
    if (this.#seconds >= seconds) return null;
    // Where tiles light up there is an arrow on each; along a way it would hide what is lit.
    const told = arrows.filter(({ tile, was }) => tile || was);
    const going = moves ? Math.min(1, (seconds - this.#seconds) / fadeSeconds) : 1;
    return { arrows: told, presence: besideQuestion * Math.min(coming, going) };
  }
}
