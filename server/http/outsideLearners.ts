import { setTimeout as pause } from "node:timers/promises";
import express, { type Request, type Response, Router } from "express";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import * as z from "zod";
import { eventsIn, NotStored, Unreadable } from "../../shared/lesson/log.ts";
import { BadNetwork, readNetwork } from "../../shared/lesson/network.ts";
import { lessonId, lessonSecret, type Outside } from "../../shared/lesson/protocol.ts";
import { isRefusal, type RefusalCode } from "../../shared/lesson/refusal.ts";
import type { Audience, Platform } from "../../shared/lesson/service/platform.ts";
import { LessonService } from "../../shared/lesson/service/service.ts";
import type { Order } from "../../shared/lesson/service/work.ts";
import type { ForeignNetwork } from "../../shared/policies/foreignNetwork.ts";
import { worlds } from "../../shared/worlds/index.ts";
import type { World } from "../../shared/worlds/world.ts";
import { type Classes, Forgotten } from "../classes/classes.ts";
import { Membership } from "../classes/membership.ts";
import type { Budget } from "../door/budget.ts";
import { type Door, type HttpRefusal, httpRefusal, notFound } from "../door/door.ts";
import type { Workers } from "../jobs/workers.ts";
import type { Reports } from "../reports.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { digest } from "../sha256.ts";
import { Busy } from "../storage/decisions.ts";
import { now } from "../time.ts";
import { refuse } from "./refuse.ts";

/** Longest time for which a program is kept waiting for something new, seconds. */
const longestWait = 25;
/** How often it is looked whether there is something new, ms. */
const interval = 300;
/** Programs of an address that wait at a time. */
const mostWaiting = 8;
/** Largest body, bytes: that of a network with the most weights, written out in full. */
const largestBody = 600_000;
/** Networks that a lesson takes in a minute. */
const mostInAMinute = 30;

/** Events by which there is something else to learn from. */
const teaching =
  /^\{"type":"(demonstrated|forgotten|labelled|undone|intervened|shadowed|retracted)"/;

const sent = z.looseObject({ basis: z.int().min(0) });

export interface OutsideLearnersParts {
  readonly door: Door;
  readonly platform: Platform;
  readonly workers: Workers;
  readonly rooms: Rooms;
  readonly classes: Classes;
  readonly budget: Budget;
  readonly reports: Reports;
}

/**
 * The routes of a program outside that learns from a lesson's pairs as they come and sends back what it has learned, for
 * whoever has the lesson's secret (docs/data.md). A network becomes an event, so that all else follows from the log.
 */
export class OutsideLearners {
  readonly routes = Router({ caseSensitive: true, strict: true });
  readonly #parts: OutsideLearnersParts;
  /** Addresses whose programs wait, once for each. */
  readonly #waiting: string[] = [];
  readonly #networks = new RateLimiterMemory({ points: mostInAMinute, duration: 60 });

  constructor(parts: OutsideLearnersParts) {
    this.#parts = parts;
    this.routes.get("/api/lessons/:id/pairs", (request, response) =>
      this.#served(request, response, (lesson, address) =>
        this.#pairs(lesson, address, request, response),
      ),
    );
    const body = express.raw({ type: () => true, limit: largestBody, inflate: false });
    this.routes.post("/api/lessons/:id/network", (request, response, next) =>
      this.#served(request, response, async (lesson, address) => {
        const failure = await new Promise((resolve) => body(request, response, resolve));
        if (failure) {
          this.#tell(lesson, {
            complaint: `What it sent is no network of up to ${largestBody} bytes.`,
          });
          return next(failure);
        }
        await this.#network(lesson, address, request.body, response);
      }),
    );
  }

  /** Serves whoever has the lesson's secret, within the budget of their address. */
  async #served(
    request: Request,
    response: Response,
    serve: (lesson: string, address: string) => Promise<void>,
  ): Promise<void> {
    const { door, platform, budget } = this.#parts;
    const address = door.addressOf(request);
    const id = lessonId.safeParse(request.params.id);
    if (!id.success) return this.#refuse(response, notFound, address);
    const ms = budget.wait(address);
    if (ms > 0) return this.#refuse(response, tooMany("You are asking too fast.", ms), address);
    const secret = lessonSecret.safeParse(request.headers.authorization?.replace(/^Bearer /, ""));
    if (!secret.success || !(await platform.log.isOwner(id.data, secret.data)))
      return this.#refuse(response, noSecret, address);
    try {
      await serve(id.data, address);
    } catch (error) {
      if (error instanceof NotStored || error instanceof Busy)
        return this.#refuse(response, httpRefusal(503, "not-stored", error.message), address);
      if (error instanceof Forgotten) return this.#refuse(response, notFound, address);
      if (!(error instanceof Unreadable)) throw error;
      this.#refuse(response, httpRefusal(410, "damaged", error.message), address);
    }
  }

  /** All pairs, once there are others than after event `since`; 204 where there are none for a while. */
  async #pairs(
    lesson: string,
    address: string,
    request: Request,
    response: Response,
  ): Promise<void> {
    const asked = new URL(request.url, "http://host").searchParams;
    const since = Number(asked.get("since") ?? 0);
    const wait = Number(asked.get("wait") ?? longestWait);
    if (!Number.isSafeInteger(since) || since < 0 || !(wait >= 0 && wait <= longestWait))
      return this.#refuse(response, badQuestion, address);
    if (this.#waiting.filter((one) => one === address).length >= mostWaiting)
      return this.#refuse(response, tooMany("Too many of your programs wait.", 2000), address);
    this.#waiting.push(address);
    try {
      this.#tell(lesson, {});
      const basis = await this.#newest(lesson, address, since, wait, response);
      if (response.destroyed) return;
      if (basis === null) return void response.status(204).end();
      const { workers } = this.#parts;
      const pairs = await workers.pairs({ basis }, this.#orderOf(lesson, address));
      if (typeof pairs !== "string")
        return this.#refuse(response, httpRefusal(429, pairs.code, pairs.reason), address);
      response.type("json").send(pairs);
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(address), 1);
    }
  }

  /** The lesson's last event, once there is other teaching in it than after event `since`; null where there is none in time. */
  async #newest(
    lesson: string,
    address: string,
    since: number,
    seconds: number,
    response: Response,
  ): Promise<number | null> {
    const { log } = this.#parts.platform;
    const until = performance.now() + 1000 * seconds;
    for (let seen = since, isNew = false; ; ) {
      const began = now();
      const { rows, last, more } = await log.stretch(lesson, seen, 1);
      this.#parts.budget.spend(address, now() - began);
      seen = last;
      isNew ||= rows.some((row) => teaching.test(row.body));
      if (more) continue;
      if (isNew) return seen;
      const left = until - performance.now();
      if (left <= 0 || response.destroyed) return null;
      await pause(Math.min(interval, left));
    }
  }

  /** Takes a network in, as the next event of the lesson. */
  async #network(
    lesson: string,
    address: string,
    body: unknown,
    response: Response,
  ): Promise<void> {
    const { platform, rooms, classes, budget, reports } = this.#parts;
    const spend = (ms: number) => budget.spend(address, ms);
    const no = (status: number, reasons: readonly string[], code: RefusalCode = "bad-network") => {
      const refusal = httpRefusal(status, code, reasons.join(" "));
      this.#tell(lesson, { complaint: reasons[0]! });
      this.#refuse(response, refusal, address);
    };
    try {
      await this.#networks.consume(lesson);
    } catch (rate) {
      const { msBeforeNext } = rate as RateLimiterRes;
      const reason = `A lesson takes ${mostInAMinute} networks a minute.`;
      return this.#refuse(response, tooMany(reason, msBeforeNext), address);
    }
    const began = now();
    const { rows } = await platform.log.stretch(lesson, 0, 1);
    const { world } = eventsIn(rows.slice(0, 1), 1)[0] as { world: string };
    let asked: { key: string; basis: number; network: ForeignNetwork };
    try {
      asked = requestIn(body, worlds[world]!);
    } catch (error) {
      if (error instanceof BadNetwork) return no(422, error.complaints);
      throw error;
    } finally {
      spend(now() - began);
    }
    const audience: Audience = {
      isVacant: true,
      wrote: ({ type, seq }) => {
        reports.wrote(type);
        rooms.wroteBeside(lesson, seq);
      },
      progressed() {},
      working() {},
      failed: (name, error) => reports.failed(name, error, lesson),
    };
    // A class's teacher holds what comes from outside as well.
    const failed = (error: unknown) => reports.failed("follow a class", error, lesson);
    const member = await Membership.of(lesson, classes, spend, failed);
    const service = await LessonService.open(lesson, platform, audience, spend, member);
    if (!service) return this.#refuse(response, notFound, address);
    try {
      const caller = { owner: true, address, spend, isReading: false };
      const answer = await service.ask("bring", asked, caller);
      if (isRefusal(answer)) return no(statuses[answer.code] ?? 422, [answer.reason], answer.code);
      this.#tell(lesson, {});
      response.status(201).json(answer);
    } finally {
      member?.end();
      await service.close();
    }
  }

  /** Tells whoever has the lesson open what their program does. */
  #tell(lesson: string, said: Outside): void {
    this.#parts.rooms.tell(lesson, said);
  }

  #orderOf(lesson: string, address: string): Order {
    const spend = (ms: number) => this.#parts.budget.spend(address, ms);
    return { lesson, address, payer: lesson, isWanted: () => true, spend };
  }

  #refuse(response: Response, refusal: HttpRefusal, address: string): void {
    this.#parts.reports.refused(refusal.refusal.code, refusal.status, address);
    refuse(response, refusal);
  }
}

/** What a body asks for; the same body again is the same request. @throws BadNetwork */
function requestIn(body: unknown, world: World) {
  const text = Buffer.isBuffer(body) ? body.toString("utf8") : "";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadNetwork(["It is not JSON."]);
  }
  const read = sent.safeParse(value);
  if (!read.success) throw new BadNetwork(["basis: It is the number of an event."]);
  const { basis, ...network } = read.data;
  return { key: digest(text), basis, network: readNetwork(network, world) };
}

/** Of what a lesson refuses, where it is not the network that is at fault. */
const statuses: Partial<Record<RefusalCode, number>> = {
  "not-stored": 503,
  "not-yours": 403,
  held: 409,
  "not-yet": 409,
  locked: 409,
  ended: 410,
};

const noSecret = httpRefusal(
  403,
  "not-yours",
  "This needs the secret of the link to teach in the lesson, as in Authorization: Bearer SECRET.",
);

const badQuestion = httpRefusal(
  400,
  "malformed",
  `since is the number of an event, and wait 0 to ${longestWait} seconds.`,
);

function tooMany(reason: string, ms: number): HttpRefusal {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return httpRefusal(429, "too-many", reason, { "Retry-After": `${seconds}` });
}
