import { timingSafeEqual } from "node:crypto";
import { matchMaker } from "colyseus";
import * as z from "zod";
import {
  decideForPupil,
  decideForTeacher,
  decideToJoin,
  type Newcomer,
  takenOut,
} from "../../shared/class/decide.ts";
import type { ClassEventBody } from "../../shared/class/events.ts";
import { progress } from "../../shared/class/progress.ts";
import type { PupilRequest, TeacherRequest } from "../../shared/class/requests.ts";
import { type GuessAbout, type Pupil, SchoolClass } from "../../shared/class/schoolClass.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { lessonPlan } from "../../shared/lesson/plan.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { isRefusal, type Refusal } from "../../shared/lesson/refusal.ts";
import { sha256 } from "../sha256.ts";
import { Decisions } from "../storage/decisions.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import type { Reading } from "./reading.ts";
import { pupilLesson, pupilSecret, pupilSeeds } from "./secrets.ts";
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
]);
type Said = z.infer<typeof said>;
type News = Extract<Said, { kind: "news" }>;

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
      (seq) => this.#say({ kind: "wrote", process: matchMaker.processId, seq }),
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

  /** Takes in what has been written, by other processes too. @throws Unreadable, Busy */
  async catchUp(spend: Spend): Promise<void> {
    await this.#inTurn(spend, async () => {});
  }

  /** Tells everybody how a pupil's lesson stands. */
  tell(news: Omit<News, "kind">): void {
    this.#say({ kind: "news", ...news });
  }

  /** Has the class's learner trained, wherever its room is. */
  compare(): void {
    this.#say({ kind: "compare" });
  }

  /** Lets somebody in, or in again. @throws Busy, NotStored */
  async join(newcomer: Newcomer, spend: Spend, isGone: () => boolean): Promise<Place | Refusal> {
    const known = this.now.byKey(newcomer.key);
    if (known) return this.enter(known.number, spend);
    const refused = await this.#inTurn(
      spend,
      () =>
        this.#decisions.write(
          spend,
          (now) => decideToJoin(now, newcomer, this.#parts.most, Date.now()),
          (seq, event) =>
            this.#log.classes.appendJoined(
              this.id,
              seq,
              event,
              pupilLesson(this.#seed, seq).id,
              spend,
            ),
        ),
      isGone,
    );
    return refused ?? this.enter(this.now.byKey(newcomer.key)!.number, spend);
  }

  /** A pupil's place, with their lesson, which is begun where it is not yet. @throws NotStored */
  async enter(number: number, spend: Spend): Promise<Place | Refusal> {
    if (!this.now.pupils.has(number)) await this.catchUp(spend);
    const pupil = this.now.pupils.get(number);
    if (!pupil || pupil.isRemoved) return takenOut;
    const lesson = pupilLesson(this.#seed, number);
    const { world, taste } = this.now.level!;
    const plan = lessonPlan(this.now.level!, pupilSeeds(this.#seed, number));
    await this.#log.create({ world, taste, plan }, lesson);
    return { pupil, secret: pupilSecret(this.#seed, number), lesson };
  }

  /** Whether this is the secret of a pupil's. */
  isPupil(number: number, secret: string): boolean {
    return this.now.pupils.has(number) && isEqual(secret, pupilSecret(this.#seed, number));
  }

  lessonOf(pupil: number): string {
    return pupilLesson(this.#seed, pupil).id;
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
  ): Promise<void> {
    await this.#inTurn(spend, () =>
      this.#decisions.write(
        spend,
        () => event,
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
    return this.#inTurn(spend, () => this.#decisions.write(spend, decide));
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
    return `class:${this.id}`;
  }

  #say(words: Said): void {
    void matchMaker.presence.publish(this.#topic, words);
  }

  #take(words: unknown): void {
    const heard = said.parse(words);
    if (heard.kind === "news") this.standing.hear(heard.pupil, heard.progress, heard.isTraining);
    if (heard.kind === "compare") this.#each((listener) => listener.compare?.());
    if (heard.kind !== "wrote") return;
    if (heard.process === matchMaker.processId || heard.seq <= this.now.seq) return;
    // Whoever asks for something next finds out what is the matter.
    this.catchUp(() => {}).catch(() => {});
  }
}

/** Whether both are the same secret, in constant time. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}
