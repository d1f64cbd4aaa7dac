import type { PlannedLevel } from "../lesson/plan.ts";
import type { ClassEvent, Compared } from "./events.ts";
import { areAlike } from "./likeness.ts";
import { isTimeUp } from "./pace.ts";

/** What a learner's score is said about beforehand. */
export type GuessAbout = "clone" | "corrected";

export interface Pupil {
  /** The number of the event by which they came. */
  readonly number: number;
  /** 1 for who came first. */
  readonly place: number;
  readonly came: number;
  readonly key: string;
  nickname: string;
  isRemoved: boolean;
  /** How often they called themselves something else, or guessed. */
  changes: number;
  /** Null where they went on without one. */
  readonly guesses: Partial<Record<GuessAbout, number | null>>;
}

/** A class's learner, as its event has it. */
export type ComparedAt = Compared & { readonly seq: number };

/** What a class's events come to. It is changed in place: a copy for each event would cost as much as the class. */
export class SchoolClass {
  /** Of the last event; 0 before the first. */
  seq = 0;
  began = 0;
  code = "";
  /** Null before the first event. */
  level: PlannedLevel | null = null;
  isEnded = false;
  /** Whether nobody new may come. */
  isShut = false;
  isFrozen = false;
  /** An index of `stepsOf`; null where each goes on as they like. */
  step: number | null = null;
  rounds = 0;
  /** When the time for what is done now is over, and everybody stops, ms since 1970; null for never. */
  endsAt: number | null = null;
  /** When that was said, ms since 1970. */
  timedAt = 0;
  areNamesHidden = false;
  /** Number of the pupil who is shown to all. */
  shown: number | null = null;
  comparison: ComparedAt | null = null;
  /** Times that the class's learner was trained. */
  nComparisons = 0;
  /** Events that pupils brought: they take no place from the teacher's. */
  nByPupils = 0;
  /** By number, in the order in which they came; removed ones, too. */
  readonly pupils = new Map<number, Pupil>();

  /** Those who are in the class. */
  get present(): Pupil[] {
    return [...this.pupils.values()].filter(({ isRemoved }) => !isRemoved);
  }

  get title(): string {
    return this.level?.title ?? "";
  }

  /** Who came with a key. @param key its hash */
  byKey(key: string): Pupil | undefined {
    return [...this.pupils.values()].find((one) => one.key === key);
  }

  /** Whether somebody who came, be they removed, but `besides` is called so, or nearly. */
  isTaken(nickname: string, besides: number | null = null): boolean {
    return [...this.pupils.values()].some(
      (one) => one.number !== besides && areAlike(one.nickname, nickname),
    );
  }

  /** Takes in the next event. @throws RangeError where it does not follow the last */
  take(event: ClassEvent): void {
    if (event.seq !== this.seq + 1)
      throw new RangeError(`event ${event.seq} cannot follow event ${this.seq}`);
    this.seq = event.seq;
    if (isPupils(event)) this.nByPupils++;
    switch (event.type) {
      case "created":
        this.began = event.at;
        this.code = event.code;
        this.level = event.level;
        this.rounds = event.level.rounds;
        break;
      case "joined":
        this.pupils.set(event.seq, {
          number: event.seq,
          place: this.pupils.size + 1,
          came: event.at,
          key: event.key,
          nickname: event.nickname,
          isRemoved: false,
          changes: 0,
          guesses: {},
        });
        break;
      case "renamed": {
        const one = this.pupils.get(event.pupil)!;
        one.nickname = event.nickname;
        if (event.by === "pupil") one.changes++;
        break;
      }
      case "removed":
      case "readmitted":
        this.pupils.get(event.pupil)!.isRemoved = event.type === "removed";
        if (this.shown === event.pupil) this.shown = null;
        break;
      case "frozen":
      case "released":
        this.isFrozen = event.type === "frozen";
        // A time that is over holds them no more; one that runs goes on running.
        if (event.type === "released" && isTimeUp(this, event.at)) this.endsAt = null;
        break;
      case "stepped":
        this.step = event.step;
        // It was the time for what was done until now.
        this.endsAt = null;
        break;
      case "prolonged":
        this.rounds = event.rounds;
        break;
      case "timed":
        this.endsAt = event.until;
        this.timedAt = event.at;
        break;
      case "door":
        this.isShut = !event.open;
        break;
      case "names":
        this.areNamesHidden = event.hidden;
        break;
      case "shown":
        this.shown = event.pupil;
        break;
      case "guessed": {
        const one = this.pupils.get(event.pupil)!;
        one.guesses[event.about] = event.without ? null : event.score;
        one.changes++;
        break;
      }
      case "compared": {
        const { type: _, at: __, ...compared } = event;
        this.comparison = compared;
        this.nComparisons++;
        break;
      }
      case "ended":
        this.isEnded = true;
        this.isFrozen = false;
        this.step = null;
        this.endsAt = null;
        this.code = "";
    }
  }
}

function isPupils(event: ClassEvent): boolean {
  return (
    event.type === "joined" ||
    event.type === "guessed" ||
    (event.type === "renamed" && event.by === "pupil")
  );
}
