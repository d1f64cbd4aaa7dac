import { ServerError } from "colyseus";
import express, { type Request, type Response, Router } from "express";
import type { RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import type * as z from "zod";
import { readCode } from "../../shared/class/code.ts";
import { ended, isOpen, takenOut } from "../../shared/class/decide.ts";
import { readyLevel } from "../../shared/class/plans.ts";
import {
  joinClass,
  newClass,
  type PupilView,
  pupilRequest,
  type TeacherRequest,
  type TeacherView,
  teacherRequest,
} from "../../shared/class/requests.ts";
import { classEntry } from "../../shared/class/room.ts";
import { writeClass } from "../../shared/data/class/files.ts";
import type { Spend } from "../../shared/lesson/log.ts";
import { lessonId } from "../../shared/lesson/protocol.ts";
import { isRefusal, refusal } from "../../shared/lesson/refusal.ts";
import type { Counts } from "../door/counts.ts";
import { type HttpRefusal, httpRefusal, isRead } from "../door/door.ts";
import { TextFolder } from "../export/textFolder.ts";
import type { Entrance } from "../http/seats.ts";
import { type AnsweringParts, answerWithinBudget, conflict, parsed } from "../http/withinBudget.ts";
import { digest } from "../sha256.ts";
import { Busy } from "../storage/decisions.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import type { Classes } from "./classes.ts";
import { readClass } from "./classSource.ts";
import type { OpenClass, Place } from "./openClass.ts";

/** Largest body, bytes: a plan with its texts. */
const largestBody = 32 * 1024;
/** Wrong codes that an address may try, and the time in which, seconds: a class of sixty may all mistype theirs. */
const mostWrong = 60;
const wrongIn = 600;

export interface ClassRoutesParts extends AnsweringParts {
  readonly log: SqlLog;
  readonly classes: Classes;
  readonly counts: Counts;
  /** Days after which a class is forgotten. */
  readonly days: number;
  /** Path that all URLs begin with; empty for none. */
  readonly basePath: string;
}

/** The routes of classes: their pages' addresses, what pupils ask, and what the teacher asks. */
export class ClassRoutes {
  readonly routes = Router({ caseSensitive: true, strict: true });
  readonly #parts: ClassRoutesParts;
  readonly #wrong: RateLimiterAbstract;
  /** Classes whose tables are being made. */
  readonly #inTables = new Set<string>();

  constructor(parts: ClassRoutesParts) {
    this.#parts = parts;
    this.#wrong = parts.counts("codes", mostWrong, wrongIn);
    const body = express.json({ limit: largestBody, inflate: false });
    const page = `${parts.basePath}/class.html`;
    this.routes.use("/class", (request, response, next) => {
      if (!isRead(request)) return next();
      if (request.path === "/") return response.redirect(302, page);
      const code = /^\/([A-Za-z]{6})$/.exec(request.path)?.[1];
      if (!code) return next();
      response.redirect(302, `${page}?code=${code.toUpperCase()}`);
    });
    const post = (
      path: string,
      answer: (request: Request, response: Response, spend: Spend) => Promise<HttpRefusal | object>,
    ) =>
      this.routes.post(path, body, (request, response) =>
        answerWithinBudget(parts, "classes", request, response, (spend) =>
          answer(request, response, spend),
        ),
      );
    post("/api/classes", (request, response, spend) => this.#begin(request, response, spend));
    post("/api/classes/join", (request, response, spend) => this.#join(request, response, spend));
    post("/api/classes/:id/pupil", (request, _, spend) => this.#pupil(request, spend));
    post("/api/classes/:id", (request, _, spend) => this.#teacher(request, spend));
  }

  /** Who comes into a class's room. @throws ServerError where they have no place in it */
  async entrance(body: unknown): Promise<Entrance> {
    const asked = classEntry.safeParse(body);
    if (!asked.success) throw new ServerError(400, "This is not the address of a class.");
    const { class: id, pupil = null, secret } = asked.data;
    const open = await this.#parts.classes.at(id, () => {});
    if (!open) throw new ServerError(404, noClass.refusal.reason);
    if (secret === undefined) return { id, owner: false, pupil: null };
    if (pupil === null) {
      if (await this.#parts.log.classes.isSecret(id, secret)) return { id, owner: true, pupil };
      throw new ServerError(403, notTeacher.refusal.reason);
    }
    if (!open.isPupil(pupil, secret)) throw new ServerError(403, notYourLink.refusal.reason);
    if (open.now.pupils.get(pupil)!.isRemoved) throw new ServerError(403, takenOut.reason);
    return { id, owner: true, pupil };
  }

  async #begin(request: Request, response: Response, spend: Spend) {
    const asked = parsed(newClass, request.body, spend);
    if (!asked.success) return malformedPlan(asked.error);
    const excess = await this.#parts.door.admitLesson(request);
    if (excess) return excess;
    const level = "plan" in asked.data ? readyLevel(asked.data.plan) : asked.data.level;
    const begun = await this.#parts.classes.begin(level, spend);
    response.status(201);
    return begun;
  }

  async #join(request: Request, response: Response, spend: Spend) {
    const { door, classes, log } = this.#parts;
    const asked = parsed(joinClass, request.body, spend);
    if (!asked.success) return malformedNickname(asked.error);
    const address = door.addressOf(request);
    const { nickname, key } = asked.data;
    const guesses = await this.#wrong.get(address);
    if (guesses && guesses.consumedPoints >= mostWrong) return tooManyGuesses(guesses);
    const code = readCode(asked.data.code);
    const id = code && (await log.classes.byCode(code));
    const open = id && (await classes.at(id, spend));
    if (!open) {
      await this.#wrong.penalty(address, 1);
      return unknownCode;
    }
    const hashed = digest(key);
    if (!open.now.byKey(hashed)) {
      if (!isOpen(open.now, Date.now())) return gone;
      const excess = await door.admitLesson(request);
      if (excess) return excess;
    }
    const place = await open.join({ nickname, key: hashed }, spend, () => response.closed);
    return isRefusal(place) ? refused(place) : viewOf(open, place);
  }

  async #pupil(request: Request, spend: Spend) {
    const asked = parsed(pupilRequest, request.body, spend);
    if (!asked.success) return malformedNickname(asked.error);
    const open = await this.#classAt(request, spend);
    if (!open) return noClass;
    const { pupil, secret, request: what } = asked.data;
    if (!open.isPupil(pupil, secret)) return notYourLink;
    if (what.type !== "enter") {
      const changed = await open.change(pupil, what, spend);
      if (changed) return refused(changed);
    }
    const place = await open.enter(pupil, spend);
    return isRefusal(place) ? refused(place) : viewOf(open, place);
  }

  async #teacher(request: Request, spend: Spend) {
    const asked = parsed(teacherRequest, request.body, spend);
    if (!asked.success) return malformedNickname(asked.error);
    const open = await this.#classAt(request, spend);
    if (!open) return noClass;
    // Of 128 random bits there is nothing to guess.
    if (!(await this.#parts.log.classes.isSecret(open.id, asked.data.secret))) return notTeacher;
    return this.#lead(open, asked.data.request, spend);
  }

  async #lead(open: OpenClass, request: TeacherRequest, spend: Spend) {
    if (request.type === "compare") {
      if (open.now.present.length < 2) return conflict(tooFew);
      open.compare();
    } else if (request.type !== "look" && request.type !== "tables") {
      const changed = await open.lead(request, spend);
      if (changed) return refused(changed);
    }
    if (request.type !== "tables") return this.#viewOf(open);
    return { ...this.#viewOf(open), tables: await this.#tables(open, spend) };
  }

  /** A class's tables and its log, by the names of their files. One at a time. @throws Busy, Unreadable */
  async #tables(open: OpenClass, spend: Spend): Promise<Readonly<Record<string, string>>> {
    const { id, standing } = open;
    if (this.#inTables.has(id)) throw new Busy("These tables are being made; this is tried again.");
    this.#inTables.add(id);
    try {
      const progressOf = (pupil: number) => standing.now(pupil, spend);
      const found = await readClass(this.#parts.log, id, { hasNames: true, spend, progressOf });
      const folder = new TextFolder();
      if (found) writeClass(folder, found.source, found.events);
      return folder.texts;
    } finally {
      this.#inTables.delete(id);
    }
  }

  #viewOf(open: OpenClass): TeacherView {
    const { now } = open;
    const clock = Date.now();
    return {
      id: open.id,
      title: now.title,
      level: now.level!,
      code: isOpen(now, clock) ? now.code : null,
      began: now.began,
      forgotten: now.began + 86_400_000 * this.#parts.days,
      now: clock,
      pupils: [...now.pupils.values()].map(({ number, nickname, isRemoved }) => ({
        number,
        nickname,
        isRemoved,
        lesson: open.lessonOf(number),
      })),
    };
  }

  async #classAt(request: Request, spend: Spend): Promise<OpenClass | null> {
    const id = lessonId.safeParse(request.params.id);
    return id.success ? this.#parts.classes.at(id.data, spend) : null;
  }
}

function viewOf(open: OpenClass, { pupil, secret, lesson }: Place): PupilView {
  const { title } = open.now;
  const { number, nickname } = pupil;
  return { class: open.id, pupil: number, secret, title, nickname, lesson };
}

function refused(why: Parameters<typeof conflict>[0]): HttpRefusal {
  if (why.code === "ended") return httpRefusal(410, why.code, why.reason);
  return why.code === "not-yours" ? httpRefusal(403, why.code, why.reason) : conflict(why);
}

/** What is wrong with a plan, with its place. */
function malformedPlan(error: z.ZodError): HttpRefusal {
  const [issue] = error.issues.flatMap((issue) =>
    issue.code === "invalid_union" ? (issue.errors.at(-1) ?? []) : [issue],
  );
  const where = issue?.path.join(".") || "class";
  const message = (issue?.message ?? "no plan").slice(0, 200).replace(/\.$/, "");
  return httpRefusal(400, "malformed", `${where}: ${message}.`);
}

/** Nicknames are what people type; all else is a page's. */
function malformedNickname(error: z.ZodError): HttpRefusal {
  const issue = error.issues.find(({ path }) => path.includes("nickname"));
  const words = issue && `${issue.message[0]!.toUpperCase()}${issue.message.slice(1)}.`;
  return httpRefusal(400, "malformed", words ?? "This is no request of a class's page.");
}

function tooManyGuesses({ msBeforeNext }: RateLimiterRes): HttpRefusal {
  const minutes = Math.max(1, Math.ceil(msBeforeNext / 60_000));
  return httpRefusal(
    429,
    "too-many",
    `There have been too many wrong codes from your address; wait ${minutes} min.`,
    { "Retry-After": `${Math.max(1, Math.ceil(msBeforeNext / 1000))}` },
  );
}

const gone = httpRefusal(410, ended.code, ended.reason);
const unknownCode = httpRefusal(
  404,
  "malformed",
  "There is no class with these letters; look at them again.",
);
const noClass = httpRefusal(404, "malformed", "There is no class at this address.");
const notYourLink = httpRefusal(403, "not-yours", "This is not the link of a pupil of this class.");
const notTeacher = httpRefusal(403, "not-yours", "This is not the link of this class's teacher.");
const tooFew = refusal("no-rounds", "Two pupils at least have to be in the class.");
