import { matchMaker } from "colyseus";
import * as z from "zod";
import {
  decideForPupil,
  decideForTeacher,
  decideToJoin,
  type Newcomer,
  refuseToCompare,
  takenOut,
} from "../../shared/class/decide.ts";
import type { ClassEventBody } from "../../shared/class/events.ts";
import { progress } from "../../shared/class/progress.ts";
import type { PupilRequest, TeacherRequest } from "../../shared/class/requests.ts";
import { type GuessAbout, type Pupil, SchoolClass } from "../../shared/class/schoolClass.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { lessonPlan } from "../../shared/lesson/plan.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { isRefusal, type Refusal, refusal } from "../../shared/lesson/refusal.ts";
import type { Admission } from "../door/door.ts";
import { Decisions } from "../storage/decisions.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import type { Reading } from "./reading.ts";
import { isSame, pupilLesson, pupilSecret, pupilSeeds } from "./secrets.ts";
import { Standing } from "./standing.ts";

/** What processes say to each other of a class. */
const said = z.discriminatedUnion("kind", [
  /** One has written an event of the class. */
  z.object({ kind: z.literal("wrote"), process: z.string(), seq: z.number() }),
  /** How a pupil's lesson stands, and whether something is trained in it. */
  z.object({
    kind: z.literal("news"),
    pupil: z.number(),
    progress: progress.nullable(),
    isTraining: z.boolean(),
  }),
  /** The teacher wants the class's learner to be trained. */
  z.object({ kind: z.literal("compare") }),
  /** The class is being deleted. */
  z.object({ kind: z.literal("forgotten") }),
]);
type Words = z.infer<typeof said>;
type News = Extract<Words, { kind: "news" }>;

/** How often one looks whether something was missed, at most, ms. */
const missed = 1000;
/** Addresses that a class is known to be at. */
const mostAddresses = 200;

/** Said of a class that has been deleted. */
export const forgotten = refusal("ended", "This class has been deleted, with its lessons.");

/** Tells all processes that a class is being deleted. */
export function sayForgotten(id: string): void {
  void matchMaker.presence.publish(topicOf(id), { kind: "forgotten" } satisfies Words);
}

function topicOf(id: string): string {
  return `class:${id}`;
}

/** Whoever wants to hear of a class in this process. */
export interface Listener {
  /** Something was written in the class. */
  changed(): void;
  /** More is known of how a pupil's lesson stands. */
  progressed?(pupil: number): void;
  /** The teacher wants the class's learner to be trained. */
  compare?(): void;
}

export interface OpenClassParts {
  readonly log: SqlLog;
  readonly reading: Reading;
  /** Pupils in a class. */
  readonly most: number;
  /** Told what went wrong where nobody asked for anything. */
  readonly failed: (what: string, error: unknown) => void;
}

/** The training of the class's learner, whichever room it is for. */
export interface Comparing {
  /** Settles, without a result, once it is over; null where none is under way. */
  underWay: Promise<void> | null;
  /** Of which learners it was tried last, whether it came to something or not. */
  tried: string;
}

/** A pupil with what lets them in. */
export interface Place {
  readonly pupil: Pupil;
  readonly secret: string;
  readonly lesson: Begun;
}

/**
 * A class that people are in: its log, and what that comes to. It is open in as many processes as it has people in; each
 * hears what the others write through Colyseus' presence.
 */
export class OpenClass {
  readonly id: string;
  /** How its pupils' lessons stand. */
  readonly standing: Standing;
  readonly comparing: Comparing = { underWay: null, tried: "" };
  readonly #parts: OpenClassParts;
  readonly #log: SqlLog;
  readonly #seed: string;
  readonly #decisions: Decisions<ClassEventBody, SchoolClass>;
  readonly #listeners = new Set<Listener>();
  /** Of the last event that listeners were told. */
  #told = 0;
  #looked = Number.NEGATIVE_INFINITY;
  /** What follows from the seed, by the pupil's number. */
  readonly #derived = new Map<number, { readonly secret: string; readonly lesson: Begun }>();
  /** Where its teacher or somebody of its pupils is, those that were there last at the end. */
  readonly #addresses = new Set<string>();
  /** Whoever said it has stored it, and is not to hear of what goes wrong here. */
  readonly #hear = (heard: unknown): void => this.#try("hear a class", () => this.#take(heard));

  /** @param seed of its log */
  constructor(id: string, seed: string, parts: OpenClassParts) {
    const { log, reading } = parts;
    this.id = id;
    this.#parts = parts;
    this.#log = log;
    this.#seed = seed;
    this.standing = new Standing(id, {
      log,
      reading,
      lessonOf: (pupil) => this.lessonOf(pupil),
      changed: (pupil) => this.#each((listener) => listener.progressed?.(pupil)),
    });
    this.#decisions = new Decisions(
      id,
      log.classes,
      () => new SchoolClass(),
      (seq) => this.#sayWrote(seq),
    );
  }

  /** The class as far as it is known here; without its first event where it could not be read. */
  get now(): SchoolClass {
    return this.#decisions.now;
  }

  /** Whether anybody wants to hear of it, or its learner is trained. */
  get isInUse(): boolean {
    return this.#listeners.size > 0 || this.comparing.underWay !== null;
  }

  /** Tells `listener` from now on, until the function that is returned is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) void matchMaker.presence.subscribe(this.#topic, this.#hear);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      void matchMaker.presence.unsubscribe(this.#topic, this.#hear);
      this.standing.deafen();
    };
  }

  /** Takes in what has been written, by other processes too. @throws Unreadable */
  async catchUp(spend: Spend): Promise<void> {
    try {
      await this.#decisions.refresh(spend);
    } finally {
      this.#tellChange();
    }
  }

  /** Looks whether something was written that was not heard of: another process may have ended before it could say so. */
  lookAgain(spend: Spend): void {
    const now = performance.now();
    if (now - this.#looked < missed) return;
    this.#looked = now;
    // Whoever asks for something next finds out what is the matter.
    this.catchUp(spend).catch(() => {});
  }

  /** Whether the class was deleted, by whichever process. */
  get isForgotten(): boolean {
    return this.#decisions.isForgotten;
  }

  /** Keeps in mind that somebody of the class is at an address. */
  meet(address: string): void {
    this.#addresses.delete(address);
    this.#addresses.add(address);
    if (this.#addresses.size > mostAddresses)
      this.#addresses.delete(this.#addresses.values().next().value!);
  }

  /** Whether somebody of the class is known to be at an address. */
  isAt(address: string): boolean {
    return this.#addresses.has(address);
  }

  /** Tells everybody how a pupil's lesson stands. */
  tell(news: Omit<News, "kind">): void {
    this.#say({ kind: "news", ...news });
  }

  /** Has the class's learner trained, wherever its room is. */
  compare(): void {
    this.#say({ kind: "compare" });
  }

  /**
   * Lets somebody in, or in again.
   * @param admit asked before somebody new is let in who can be
   * @param isGone whether nobody waits for it any more: then it is not done
   * @throws Busy, NotStored
   */
  async join<Excess>(
    newcomer: Newcomer,
    spend: Spend,
    admit: Admission<Excess>,
    isGone = () => false,
  ): Promise<Place | Refusal | { readonly excess: Excess }> {
    const decide = (now: SchoolClass) =>
      now.level ? decideToJoin(now, newcomer, this.#parts.most, Date.now()) : forgotten;
    const refused = await this.#inTurn(
      spend,
      async () => {
        const decided = decide(this.now);
        const isNew = decided !== null && !isRefusal(decided);
        const excess = isNew ? await admit() : null;
        if (excess) return { excess };
        return this.#decisions.write(spend, this.#repeating(decide), (seq, event) =>
          this.#log.classes.appendJoined(this.id, seq, event, this.lessonOf(seq), spend),
        );
      },
      isGone,
    );
    return refused ?? this.enter(this.now.byKey(newcomer.key)!.number, spend);
  }

  /** A pupil's place, with their lesson, which is begun where it is not yet. @throws NotStored */
  async enter(number: number, spend: Spend): Promise<Place | Refusal> {
    if (!this.now.pupils.has(number)) await this.catchUp(spend);
    const { level } = this.now;
    if (!level) return forgotten;
    const pupil = this.now.pupils.get(number);
    if (!pupil || pupil.isRemoved) return takenOut;
    const { secret, lesson } = this.#derivedFor(number);
    const { world, taste } = level;
    const plan = lessonPlan(level, pupilSeeds(this.#seed, number));
    const isThere = await this.#log.createInClass(this.id, { world, taste, plan }, lesson);
    return isThere ? { pupil, secret, lesson } : forgotten;
  }

  /** Whether this is the secret of a pupil of this number, if there is one. */
  isSecret(number: number, secret: string): boolean {
    const known = this.now.pupils.has(number);
    return isSame(
      secret,
      known ? this.#derivedFor(number).secret : pupilSecret(this.#seed, number),
    );
  }

  lessonOf(pupil: number): string {
    return this.#derivedFor(pupil).lesson.id;
  }

  /** It takes a moment, and a page with all pupils needs all of them. */
  #derivedFor(pupil: number): { readonly secret: string; readonly lesson: Begun } {
    const known = this.#derived.get(pupil);
    if (known) return known;
    const derived = {
      secret: pupilSecret(this.#seed, pupil),
      lesson: pupilLesson(this.#seed, pupil),
    };
    this.#derived.set(pupil, derived);
    return derived;
  }

  /** @throws Unreadable, Busy, NotStored */
  async change(
    pupil: number,
    request: Exclude<PupilRequest, { type: "enter" }>,
    spend: Spend,
  ): Promise<Refusal | null> {
    // What comes to nothing however far the lesson has come is not worth reading it.
    const early = decideForPupil(this.now, pupil, request, false);
    if (!early || isRefusal(early)) return early;
    const isKnown = request.type === "guess" && (await this.#isKnown(pupil, request.about, spend));
    return this.#write(spend, (now) => decideForPupil(now, pupil, request, isKnown));
  }

  async lead(
    request: Exclude<TeacherRequest, { type: "look" | "tables" | "compare" }>,
    spend: Spend,
  ): Promise<Refusal | null> {
    return this.#write(spend, (now) => decideForTeacher(now, request, Date.now()));
  }

  /** Keeps what the class's learner came to. @param json what it drove */
  async compared(
    event: Extract<ClassEventBody, { type: "compared" }>,
    json: string,
    spend: Spend,
  ): Promise<Refusal | null> {
    return this.#inTurn(spend, () =>
      this.#decisions.write(
        spend,
        (now) => (now.level ? (refuseToCompare(now) ?? event) : forgotten),
        (seq, event) => this.#log.classes.appendCompared(this.id, seq, event, json, spend),
      ),
    );
  }

  /** Whether a learner has been trained that a pupil would guess about. */
  async #isKnown(pupil: number, about: GuessAbout, spend: Spend): Promise<boolean> {
    const progress = await this.standing.now(pupil, spend);
    return (progress?.curve.length ?? 0) > (about === "clone" ? 0 : 1);
  }

  #write(
    spend: Spend,
    decide: (now: SchoolClass) => ClassEventBody | Refusal | null,
  ): Promise<Refusal | null> {
    const unlessForgotten = (now: SchoolClass) => (now.level ? decide(now) : forgotten);
    return this.#inTurn(spend, () =>
      this.#decisions.write(spend, this.#repeating(unlessForgotten)),
    );
  }

  /**
   * Says again what was written before where the same is asked for a second time: whoever wrote it may have ended before
   * it could say so.
   */
  #repeating<Decided>(decide: (now: SchoolClass) => Decided): (now: SchoolClass) => Decided {
    return (now) => {
      const decided = decide(now);
      if (decided === null) this.#sayWrote(now.seq);
      return decided;
    };
  }

  #sayWrote(seq: number): void {
    this.#say({ kind: "wrote", process: matchMaker.processId, seq });
  }

  async #inTurn<T>(spend: Spend, task: () => Promise<T>, isGone?: () => boolean): Promise<T> {
    try {
      return await this.#decisions.inTurn(spend, task, isGone);
    } finally {
      this.#tellChange();
    }
  }

  #tellChange(): void {
    const { seq } = this.now;
    if (seq === this.#told) return;
    this.#told = seq;
    this.#each((listener) => listener.changed());
  }

  /** What one of them makes of it does not concern the others, nor whoever told it. */
  #each(tell: (listener: Listener) => void): void {
    for (const listener of this.#listeners) this.#try("follow a class", () => tell(listener));
  }

  #try(what: string, task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#parts.failed(what, error);
    }
  }

  get #topic(): string {
    return topicOf(this.id);
  }

  #say(words: Words): void {
    void matchMaker.presence.publish(this.#topic, words);
  }

  #take(words: unknown): void {
    const heard = said.parse(words);
    if (heard.kind === "news") this.standing.hear(heard.pupil, heard.progress, heard.isTraining);
    if (heard.kind === "compare") this.#each((listener) => listener.compare?.());
    if (heard.kind === "news" || heard.kind === "compare") return;
    const isOwn = heard.kind === "wrote" && heard.process === matchMaker.processId;
    if (isOwn || (heard.kind === "wrote" && heard.seq <= this.now.seq)) return;
    // Whoever asks for something next finds out what is the matter.
    this.catchUp(() => {}).catch(() => {});
  }
}
