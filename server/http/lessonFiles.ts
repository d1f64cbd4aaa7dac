import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Request, type Response, Router } from "express";
import Piscina from "piscina";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import { lessonFile } from "../../shared/lesson/file.ts";
import { jsonOf, NotStored, Unreadable } from "../../shared/lesson/log.ts";
import { lessonId, pageSize } from "../../shared/lesson/protocol.ts";
import { longestFile, mostEvents } from "../../shared/lesson/sizes.ts";
import type { Budget } from "../door/budget.ts";
import { type Door, type HttpRefusal, httpRefusal, notFound } from "../door/door.ts";
import type { Reports } from "../reports.ts";
import type { Limits } from "../settings.ts";
import type { Place } from "../storage/place.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { Turns } from "../storage/turns.ts";
import { now } from "../time.ts";
import { FileArrivals } from "./fileArrivals.ts";
import type { ImportResult, ImportTask } from "./lessonFile.worker.ts";
import { refuse } from "./refuse.ts";
import { TimelyTurns } from "./timelyTurns.ts";

/** Files of the largest size that an address may send in an hour. */
const filesAnHour = 10;
/** Longest time for a file once it is read, and before that, ms: proxies wait for a minute. */
const patience = 30_000;
const longestWait = 20_000;
/** The thread's time that an address may take in an hour, seconds. */
const readingAnHour = 60;
/** Lessons that are sent to an address at once. */
const mostSent = 4;
/** Most heap memory of the thread, MB. */
const mostMemory = 512;

export interface LessonFilesParts {
  readonly door: Door;
  readonly log: SqlLog;
  readonly budget: Budget;
  readonly reports: Reports;
  readonly limits: Limits;
  /** Where lessons are kept. */
  readonly place: Place;
}

/** The routes that take a lesson in from a file, and out as one. */
export class LessonFiles {
  readonly routes = Router({ caseSensitive: true, strict: true });
  readonly #parts: LessonFilesParts;
  readonly #largest: number;
  /** Kilobytes that an address has sent in the current hour. */
  readonly #sent: RateLimiterMemory;
  readonly #arrivals: FileArrivals;
  /** Seconds that files of an address have been read for in the current hour. */
  readonly #spent = new RateLimiterMemory({ points: readingAnHour, duration: 3600 });
  /** Only its own time counts for a file. */
  readonly #reading = new TimelyTurns(longestWait);
  /** Addresses to which lessons are being sent, once for each. */
  readonly #sending: string[] = [];
  /** Of all lessons that are being sent, one stretch is sent in a turn of the event loop. */
  readonly #turns = new Turns();
  /** A thread of its own: a large file takes seconds, and what it may hold is bounded. */
  readonly #thread = new Piscina({
    filename: join(import.meta.dirname, "lessonFile.worker.js"),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 10_000, // ms
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  });

  constructor(parts: LessonFilesParts) {
    this.#parts = parts;
    // A file is a little longer than the events in it.
    this.#largest = Math.min(longestFile, 1e6 * parts.limits.lessonSize);
    const points = Math.ceil((filesAnHour * this.#largest) / 1000);
    this.#sent = new RateLimiterMemory({ points, duration: 3600 });
    this.#arrivals = new FileArrivals(this.#largest, parts.budget);
    this.routes.post("/api/lessons/file", async (request, response) => {
      const address = parts.door.addressOf(request);
      const length = Number(request.headers["content-length"] ?? Number.NaN);
      let refusal =
        (await this.#refuseUnread(request, length, address)) ?? this.#refuseBusy(address);
      if (!refusal) {
        try {
          const file = await this.#arrivals.receive(request, address, length);
          if (file) return await this.#import(file, request, response);
        } finally {
          this.#arrivals.leave(address);
        }
        refusal = tooMany("Too many files are being sent; try again in a moment.", 2000);
      }
      await this.#arrivals.passOver(request, address);
      // What is left of it is in the way of the next request on the line.
      this.#refuse(response.set("Connection", "close"), refusal, address);
    });
    this.routes.get("/api/lessons/:id/file", async (request, response) => {
      const address = parts.door.addressOf(request);
      const toOne = this.#sending.filter((one) => one === address).length;
      if (toOne >= mostSent)
        return this.#refuse(
          response,
          tooMany("Too many lessons are being sent to you.", 2000),
          address,
        );
      this.#sending.push(address);
      try {
        await this.#export(request, response);
      } finally {
        this.#sending.splice(this.#sending.indexOf(address), 1);
      }
    });
    // One that ends without a task would otherwise end the process.
    this.#thread.on("error", (error) => parts.reports.failed("reading lesson files", error));
  }

  /** Ends the thread: a file that is being read is not stored. */
  async close(): Promise<void> {
    await this.#thread.destroy();
  }

  /** What can be refused before anything of the file is read. */
  async #refuseUnread(
    { headers }: Request,
    length: number,
    address: string,
  ): Promise<HttpRefusal | null> {
    if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity")
      return httpRefusal(415, "malformed", "The body must not be compressed.");
    if (Number.isNaN(length))
      return httpRefusal(411, "malformed", "The request must say how long the file is.");
    if (length > this.#largest)
      return httpRefusal(413, "malformed", `The file is larger than ${this.#largest} bytes.`);
    const reason = "Your network address has sent too many files in this hour; try again later.";
    const spent = await this.#spent.get(address);
    if (spent && spent.consumedPoints >= readingAnHour) return tooMany(reason, spent.msBeforeNext);
    try {
      await this.#sent.consume(address, Math.ceil(length / 1000));
      return null;
    } catch (rejection) {
      return tooMany(reason, (rejection as RateLimiterRes).msBeforeNext);
    }
  }

  #refuseBusy(address: string): HttpRefusal | null {
    if (this.#arrivals.has(address))
      return tooMany(
        "Another file from your network address is being read; wait until it is done.",
        2000,
      );
    return this.#refuseSpent(address);
  }

  #refuseSpent(address: string): HttpRefusal | null {
    const ms = this.#parts.budget.wait(address);
    return ms > 0 ? tooMany("You are asking too fast; wait a few seconds.", ms) : null;
  }

  /** @param file whose memory is nobody else's */
  async #import(file: ImportTask["file"], request: Request, response: Response): Promise<void> {
    const { door, log, reports, place } = this.#parts;
    const address = door.addressOf(request);
    if (file.length === 0) return this.#refuse(response, badFile("The file is empty."), address);
    const excess = await door.admitLesson(request);
    if (excess) return this.#refuse(response, excess, address);
    const longest = this.#largest;
    const result = await log
      .check()
      .then(() => this.#reading.run(() => this.#read({ file, place, longest }, address)))
      .catch((error): ImportResult => {
        if (error instanceof NotStored) return { notStored: error.message };
        // Of a small file, too: it can be more in memory than a thread has.
        if (isExhausted(error)) return { bad: "This file would take too much work to read." };
        throw error;
      });
    if (!result) return this.#refuse(response, notInTime, address);
    if ("bad" in result) return this.#refuse(response, badFile(result.bad), address);
    if ("notStored" in result)
      return this.#refuse(response, httpRefusal(503, "not-stored", result.notStored), address);
    reports.began(result.begun.id);
    response.status(201).json(result.begun);
  }

  async #read(task: ImportTask, address: string): Promise<ImportResult> {
    const began = performance.now();
    try {
      return await this.#run(task);
    } finally {
      await this.#spent.penalty(address, Math.ceil((performance.now() - began) / 1000));
    }
  }

  #run(task: ImportTask): Promise<ImportResult> {
    return this.#thread.run(task, {
      name: "importLesson",
      transferList: [task.file.buffer],
      signal: AbortSignal.timeout(patience),
    });
  }

  /**
   * Reads the lesson twice: how many events there are comes first in the file, and what is damaged is
   * said before any of it is sent.
   */
  async #export(request: Request, response: Response): Promise<void> {
    const { door, log, budget } = this.#parts;
    const address = door.addressOf(request);
    const spend = (ms: number) => budget.spend(address, ms);
    const id = lessonId.safeParse(request.params.id);
    if (!id.success) return this.#refuse(response, notFound, address);
    const spent = this.#refuseSpent(address);
    if (spent) return this.#refuse(response, spent, address);
    let events = 0;
    try {
      for await (const { last } of log.stretches(id.data, 0, spend, () => this.#within(address))) {
        events = last;
        if (response.destroyed) return;
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return this.#refuse(response, httpRefusal(410, "damaged", error.message), address);
    }
    if (events === 0) return this.#refuse(response, notFound, address);
    if (events > mostEvents) return this.#refuse(response, tooLong, address);
    response.attachment("dagger-dojo-lesson.jsonl").type("application/jsonl");
    if (request.method === "HEAD") return void response.end();
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    response.write(`${JSON.stringify({ ...JSON.parse(lessonFile([])), events })}\n`);
    for (let seq = 0; seq < events && !response.destroyed; ) {
      await this.#within(address);
      await this.#turns.next();
      const began = now();
      const { rows } = await log.stretch(id.data, seq, pageSize);
      const lines = rows.slice(0, events - seq).map((row, i) => `${jsonOf(row, seq + 1 + i)}\n`);
      seq += lines.length;
      const isTaken = response.write(lines.join(""));
      spend(now() - began);
      // Whoever does not read is not read for.
      if (!isTaken && !response.destroyed)
        await once(response, "drain", { signal: gone.signal }).catch(() => {});
    }
    response.end();
  }

  /** Resolves once an address is within its budget. */
  async #within(address: string): Promise<void> {
    const { budget } = this.#parts;
    for (let ms = budget.wait(address); ms > 0; ms = budget.wait(address)) await pause(ms);
  }

  #refuse(response: Response, refusal: HttpRefusal, address: string): void {
    this.#parts.reports.refused(refusal.refusal.code, refusal.status, address);
    refuse(response, refusal);
  }
}

const tooLong = httpRefusal(
  413,
  "malformed",
  `This lesson has more than the ${mostEvents} events that a file can have.`,
);

const notInTime = httpRefusal(
  503,
  "too-many",
  "Other files are still being read; try again in half a minute.",
  { "Retry-After": "30" },
);

function badFile(reason: string): HttpRefusal {
  return httpRefusal(422, "malformed", reason);
}

function tooMany(reason: string, ms: number): HttpRefusal {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return httpRefusal(429, "too-many", reason, { "Retry-After": `${seconds}` });
}

/** Whether the thread was ended for what it took. */
function isExhausted(error: unknown): boolean {
  const { code, name } = error as NodeJS.ErrnoException;
  return code === "ERR_WORKER_OUT_OF_MEMORY" || name === "AbortError" || name === "TimeoutError";
}
