import { matchMaker } from "colyseus";
import {
  decideForPupil,
  decideForTeacher,
  decideToJoin,
  type Newcomer,
  refuseToCompare,
  takenOut,
} from "../../shared/class/decide.ts";
import type { ClassEventBody } from "../../shared/class/events.ts";
import type { PupilRequest, TeacherRequest } from "../../shared/class/requests.ts";
import { type Pupil, SchoolClass } from "../../shared/class/schoolClass.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { lessonPlan } from "../../shared/lesson/plan.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { isRefusal, type Refusal } from "../../shared/lesson/refusal.ts";
import type { Admission } from "../door/door.ts";
import { Decisions } from "../storage/decisions.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { KnownAddresses } from "./knownAddresses.ts";
import type { Comparing } from "./learners.ts";
import { type Listener, Listeners } from "./listeners.ts";
import { PupilKeys } from "./pupilKeys.ts";
import type { Reading } from "./reading.ts";
import { isSame } from "./secrets.ts";
import { Standing } from "./standing.ts";
import { forgotten, type News, said, topicOf, type Words } from "./talk.ts";

/** How often one looks whether something was missed, at most, ms. */
const missed = 1000;

export interface OpenClassParts {
  readonly log: SqlLog;
  readonly reading: Reading;
  /** Pupils in a class. */
  readonly most: number;
  /** Told what went wrong where nobody asked for anything. */
  readonly failed: (what: string, error: unknown) => void;
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
  readonly #decisions: Decisions<ClassEventBody, SchoolClass>;
  readonly #listeners: Listeners;
  /** Of the last event that listeners were told. */
  #told = 0;
  #looked = Number.NEGATIVE_INFINITY;
  readonly #keys: PupilKeys;
  /** Where its teacher and its pupils are. */
  readonly addresses = new KnownAddresses();
  /** Whoever said it has stored it, and is not to hear of what goes wrong here. */
  readonly #hear = (heard: unknown): void =>
    this.#listeners.guard("hear a class", () => this.#take(heard));

  /** @param seed of its log */
  constructor(id: string, seed: string, parts: OpenClassParts) {
    const { log, reading } = parts;
    this.id = id;
    this.#parts = parts;
    this.#listeners = new Listeners(parts.failed);
    this.#log = log;
    this.#keys = new PupilKeys(seed);
    this.standing = new Standing(id, {
      log,
      reading,
      lessonOf: (pupil) => this.lessonOf(pupil),
      changed: (pupil) => this.#listeners.each((listener) => listener.progressed?.(pupil)),
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
    if (this.#listeners.size === 1)
      void matchMaker.presence.subscribe(topicOf(this.id), this.#hear);
    return () => {
      this.#listeners.remove(listener);
      if (this.#listeners.size > 0) return;
      void matchMaker.presence.unsubscribe(topicOf(this.id), this.#hear);
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
    const { secret, lesson } = this.#keys.of(number);
    const { world, taste } = level;
    const plan = lessonPlan(level, this.#keys.seedsOf(number));
    const isThere = await this.#log.createInClass(this.id, { world, taste, plan }, lesson);
    return isThere ? { pupil, secret, lesson } : forgotten;
  }

  /** Whether this is the secret of a pupil of this number, if there is one. */
  isSecret(number: number, secret: string): boolean {
    // One that has just come may not have been heard of here yet.
    const known = this.now.pupils.has(number);
    return isSame(secret, known ? this.#keys.of(number).secret : this.#keys.secretOf(number));
  }

  lessonOf(pupil: number): string {
    return this.#keys.of(pupil).lesson.id;
  }

  /** @throws Unreadable, Busy, NotStored */
  async change(
    pupil: number,
    request: Exclude<PupilRequest, { type: "enter" }>,
    spend: Spend,
  ): Promise<Refusal | null> {
    // What comes to nothing however far the lesson has come is not worth reading it.
    const early = decideForPupil(this.now, pupil, request, 0);
    if (!early || isRefusal(early)) return early;
    const progress = request.type === "guess" ? await this.standing.now(pupil, spend) : null;
    const trained = progress?.curve.length ?? 0;
    return this.#write(spend, (now) => decideForPupil(now, pupil, request, trained));
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
    this.#listeners.each((listener) => listener.changed());
  }

  #say(words: Words): void {
    void matchMaker.presence.publish(topicOf(this.id), words);
  }

  #take(words: unknown): void {
    const heard = said.parse(words);
    if (heard.kind === "news") this.standing.hear(heard.pupil, heard.progress, heard.isTraining);
    if (heard.kind === "compare") this.#listeners.each((listener) => listener.compare?.());
    if (heard.kind === "news" || heard.kind === "compare") return;
    const isOwn = heard.kind === "wrote" && heard.process === matchMaker.processId;
    if (isOwn || (heard.kind === "wrote" && heard.seq <= this.now.seq)) return;
    // Whoever asks for something next finds out what is the matter.
    this.catchUp(() => {}).catch(() => {});
  }
}
