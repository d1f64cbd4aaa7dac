import { randomInt } from "node:crypto";
import { newCode } from "../../shared/class/code.ts";
import type { BegunClass } from "../../shared/class/requests.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import type { PlannedLevel } from "../../shared/lesson/plan.ts";
import type { Reports } from "../reports.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { OpenClass, type OpenClassParts } from "./openClass.ts";
import { Reading } from "./reading.ts";

/** For how long a class stays in memory that nobody asks for, ms. */
const idle = 60_000;
/** Attempts to find a code that no other class has: of 34 million. */
const mostAttempts = 20;

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

  /** The class at an address, as it is now; null where there is none. @throws Unreadable, Busy */
  async at(id: string, spend: Spend): Promise<OpenClass | null> {
    this.#forgetIdle();
    const known = this.#open.get(id);
    if (known) {
      known.used = performance.now();
      await known.open.catchUp(spend);
      return this.#unlessForgotten(known.open);
    }
    const opening = this.#opening.get(id) ?? this.#read(id, spend);
    this.#opening.set(id, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(id);
    }
  }

  /** The class that a lesson is of, and whose it is; null where it is of none. */
  async of(lesson: string, spend: Spend): Promise<{ open: OpenClass; pupil: number } | null> {
    const whose = await this.#log.classes.pupilOf(lesson);
    const open = whose && (await this.at(whose.class, spend));
    return open && { open, pupil: whose.pupil };
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

  /** Another process may have forgotten a class meanwhile. */
  #unlessForgotten(open: OpenClass): OpenClass | null {
    return open.now.level ? open : null;
  }

  #forgetIdle(): void {
    const now = performance.now();
    for (const [id, { open, used }] of this.#open)
      if (!open.isInUse && now - used > idle) this.#open.delete(id);
  }
}
