import { ServerError } from "colyseus";
import express, { type Request, type Response, Router } from "express";
import type { RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import { readCode } from "../../shared/class/code.ts";
import { isOpen, refuseToCompare, takenOut } from "../../shared/class/decide.ts";
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
import { isRefusal } from "../../shared/lesson/refusal.ts";
import { tooFast } from "../../shared/lesson/service/refusals.ts";
import type { Counts } from "../door/counts.ts";
import { type HttpRefusal, isRead } from "../door/door.ts";
import { TextFolder } from "../export/textFolder.ts";
import type { Entrance } from "../http/seats.ts";
import { type AnsweringParts, answerWithinBudget, conflict, parsed } from "../http/withinBudget.ts";
import { digest } from "../sha256.ts";
import { Busy } from "../storage/decisions.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { now } from "../time.ts";
import type { Classes } from "./classes.ts";
import { readClass } from "./classSource.ts";
import type { OpenClass, Place } from "./openClass.ts";
import {
  gone,
  malformedNickname,
  malformedPlan,
  noClass,
  notTeacher,
  notYourLink,
  refused,
  tooFew,
  tooManyGuesses,
  unknownCode,
} from "./refusals.ts";

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

  /**
   * Who comes into a class's room.
   * @param address that they come from, and that pays
   * @throws ServerError where they have no place in it
   */
  async entrance(body: unknown, address: string): Promise<Entrance> {
    const { classes, budget } = this.#parts;
    const asked = classEntry.safeParse(body);
    if (!asked.success) throw new ServerError(400, "This is not the address of a class.");
    if (budget.wait(address) > 0) throw new ServerError(429, tooFast.reason);
    const { class: id, pupil = null, secret } = asked.data;
    const refuse = ({ status, refusal }: HttpRefusal) => new ServerError(status, refusal.reason);
    // Before the class is read, for which all who are in it may have to wait.
    if (secret !== undefined) {
      const refused = pupil === null ? await this.#unlessTeacher(id, secret) : null;
      if (refused) throw refuse(refused);
      const unknown = pupil === null ? null : await this.#unlessPupil(id, pupil, secret);
      if (unknown) throw refuse(unknown);
    }
    const open = await classes.at(id, (ms) => budget.spend(address, ms));
    if (!open) throw refuse(noClass);
    if (secret === undefined) return { id, owner: false, pupil: null };
    const one = pupil === null ? null : open.now.pupils.get(pupil);
    if (one === undefined) throw refuse(notYourLink);
    if (one?.isRemoved) throw new ServerError(403, takenOut.reason);
    open.addresses.meet(address);
    return { id, owner: true, pupil };
  }

  /** Null where it is the secret of the class's teacher. Of 128 random bits there is nothing to guess. */
  async #unlessTeacher(id: string, secret: string): Promise<HttpRefusal | null> {
    const { classes } = this.#parts.log;
    if (await classes.isSecret(id, secret)) return null;
    return (await classes.isForgotten(id)) ? noClass : notTeacher;
  }

  /** Null where it is the secret of the pupil of this number, if there is one. */
  async #unlessPupil(id: string, pupil: number, secret: string): Promise<HttpRefusal | null> {
    const isTheirs = await this.#parts.classes.isPupilSecret(id, pupil, secret);
    return isTheirs === null ? noClass : isTheirs ? null : notYourLink;
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
    const { nickname } = asked.data;
    const key = digest(asked.data.key);
    // Counted before it is looked at, and given back where it was right: many may ask at once.
    const excess: RateLimiterRes | null = await this.#wrong.consume(address).then(
      () => null,
      (rejection) => {
        if (rejection instanceof Error) throw rejection;
        return rejection;
      },
    );
    const code = readCode(asked.data.code);
    const id = code && (await log.classes.byCode(code));
    const open = id && (await classes.at(id, spend));
    // A school has one address, and one of its pupils cannot shut out the others of a class that is there.
    const isIn = open && (open.now.byKey(key) !== undefined || open.addresses.has(address));
    if (excess && !isIn) return tooManyGuesses(excess);
    if (!open) return unknownCode;
    if (!isIn && !isOpen(open.now, Date.now())) return gone;
    await this.#wrong.reward(address);
    open.addresses.meet(address);
    const place = await open.join(
      { nickname, key },
      spend,
      () => door.admitLesson(request),
      () => response.closed,
    );
    if ("excess" in place) return place.excess;
    return isRefusal(place) ? refused(place) : viewOf(open, place);
  }

  async #pupil(request: Request, spend: Spend) {
    const asked = parsed(pupilRequest, request.body, spend);
    if (!asked.success) return malformedNickname(asked.error);
    const { pupil, secret, request: what } = asked.data;
    const id = lessonId.safeParse(request.params.id);
    if (!id.success) return noClass;
    const stranger = await this.#unlessPupil(id.data, pupil, secret);
    if (stranger) return stranger;
    const open = await this.#parts.classes.at(id.data, spend);
    if (!open) return noClass;
    if (!open.now.pupils.has(pupil)) return notYourLink;
    open.addresses.meet(this.#parts.door.addressOf(request));
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
    const id = lessonId.safeParse(request.params.id);
    if (!id.success) return noClass;
    const stranger = await this.#unlessTeacher(id.data, asked.data.secret);
    if (stranger) return stranger;
    const open = await this.#parts.classes.at(id.data, spend);
    if (!open) return noClass;
    open.addresses.meet(this.#parts.door.addressOf(request));
    return this.#lead(open, asked.data.request, spend);
  }

  async #lead(open: OpenClass, request: TeacherRequest, spend: Spend) {
    if (request.type === "compare") {
      if (open.now.present.length < 2) return conflict(tooFew);
      const full = refuseToCompare(open.now);
      if (full) return refused(full);
      open.compare();
    } else if (request.type !== "look" && request.type !== "tables") {
      const changed = await open.lead(request, spend);
      if (changed) return refused(changed);
    }
    const tables = request.type === "tables" ? await this.#tables(open, spend) : undefined;
    const began = now();
    const view = this.#viewOf(open);
    spend(now() - began);
    return tables ? { ...view, tables } : view;
  }

  /** A class's tables and its log, by the names of their files. One at a time. @throws Busy, Unreadable */
  async #tables(open: OpenClass, spend: Spend): Promise<Readonly<Record<string, string>>> {
    const { id, standing } = open;
    if (this.#inTables.has(id))
      throw new Busy("The server is making these tables. The page keeps trying.");
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
    const { now: all } = open;
    const clock = Date.now();
    return {
      id: open.id,
      title: all.title,
      level: all.level!,
      code: isOpen(all, clock) ? all.code : null,
      isShut: all.isShut,
      began: all.began,
      forgotten: all.began + 86_400_000 * this.#parts.days,
      now: clock,
      pupils: [...all.pupils.values()].map(({ number, nickname, isRemoved }) => ({
        number,
        nickname,
        isRemoved,
        lesson: open.lessonOf(number),
      })),
    };
  }
}

function viewOf(open: OpenClass, { pupil, secret, lesson }: Place): PupilView {
  const { title } = open.now;
  const { number, nickname } = pupil;
  return { class: open.id, pupil: number, secret, title, nickname, lesson };
}
