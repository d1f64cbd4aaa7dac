import { randomInt } from "node:crypto";
import { newCode } from "../../shared/class/code.ts";
import type { BegunClass } from "../../shared/class/requests.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import type { PlannedLevel } from "../../shared/lesson/plan.ts";
import type { Reports } from "../reports.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { OpenClass, type OpenClassParts } from "./openClass.ts";
import { Reading } from "./reading.ts";
import { isSame, pupilSecret } from "./secrets.ts";
import { sayForgotten } from "./talk.ts";

/** For how long a class stays in memory that nobody asks for, ms. */
const idle = 60_000;
/** Attempts to find a code that no other class has: of 34 million. */
const mostAttempts = 20;

/** Said of a lesson that is about to be deleted with its class. */
export class Forgotten extends Error {}

/** The classes that are open in this process. */
export class Classes {
  /** Of lessons for all of them. */
  readonly reading = new Reading();
  readonly #log: SqlLog;
  readonly #parts: Omit<OpenClassParts, "failed">;
  readonly #reports: Pick<Reports, "failed">;
  readonly #open = new Map<string, { readonly open: OpenClass; used: number }>();
  readonly #opening = new Map<string, Promise<OpenClass | null>>();

  /** @param most pupils in a class */
  constructor(log: SqlLog, most: number, reports: Pick<Reports, "failed">) {
    this.#log = log;
    this.#parts = { log, most, reading: this.reading };
    this.#reports = reports;
  }

  /** Begins a class. @throws NotStored */
  async begin(level: PlannedLevel, spend: Spend): Promise<BegunClass> {
    for (let attempt = 1; ; attempt++) {
      const code = newCode(randomInt);
      const begun = await this.#log.classes.begin({ type: "created", code, level }, spend);
      if (begun) return { ...begun, code };
      if (attempt >= mostAttempts) throw new Error("no code is free");
    }
  }

  /**
   * Deletes a class with its lessons. Whoever is in it is sent away, in whichever process.
   * @throws NotStored and then it can be done again
   */
  async forget(id: string): Promise<void> {
    await this.#log.classes.shut(id);
    sayForgotten(id);
    await this.#log.classes.forget(id);
  }

  /**
   * Whether this is the secret of a pupil of this number, if there is one; null where there is no such class. Nothing of
   * the class is read for it.
   */
  async isPupilSecret(id: string, pupil: number, secret: string): Promise<boolean | null> {
    const known = this.#open.get(id);
    if (known) return known.open.isSecret(pupil, secret);
    const seed = await this.#log.classes.seed(id);
    return seed === null ? null : isSame(secret, pupilSecret(seed, pupil));
  }

  /** The class at an address, as it is now; null where there is none. @throws Unreadable */
  async at(id: string, spend: Spend): Promise<OpenClass | null> {
    this.#forgetIdle();
    const known = this.#open.get(id);
    if (known) {
      known.used = performance.now();
      await known.open.catchUp(spend);
      if (known.open.now.level) return known.open;
      // Another process may have deleted it meanwhile.
      if (this.#open.get(id) === known) this.#open.delete(id);
      return null;
    }
    const opening = this.#opening.get(id) ?? this.#read(id, spend);
    this.#opening.set(id, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(id);
    }
  }

  /** The class that a lesson is of, and whose it is; null where it is of none. @throws Forgotten */
  async of(lesson: string, spend: Spend): Promise<{ open: OpenClass; pupil: number } | null> {
    const whose = await this.#log.classes.pupilOf(lesson);
    if (!whose) return null;
    const open = await this.at(whose.class, spend);
    if (!open) throw new Forgotten("The class of this lesson is being deleted.");
    return { open, pupil: whose.pupil };
  }

  async #read(id: string, spend: Spend): Promise<OpenClass | null> {
    const seed = await this.#log.classes.seed(id);
    if (seed === null) return null;
    const failed = (what: string, error: unknown) => this.#reports.failed(what, error);
    const open = new OpenClass(id, seed, { ...this.#parts, failed });
    await open.catchUp(spend);
    if (!open.now.level) return null;
    this.#open.set(id, { open, used: performance.now() });
    return open;
  }

  #forgetIdle(): void {
    const now = performance.now();
    for (const [id, { open, used }] of this.#open)
      if (!open.isInUse && now - used > idle) this.#open.delete(id);
  }
}
