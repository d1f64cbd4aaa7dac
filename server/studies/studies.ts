import express, { type Request, type Response, Router } from "express";
import type { Spend } from "../../shared/lesson/log.ts";
import { isRefusal } from "../../shared/lesson/refusal.ts";
import { overviewOf } from "../../shared/study/overview.ts";
import { BadProtocol, type Protocol, studyName } from "../../shared/study/protocol.ts";
import {
  participantRequest,
  type ResearcherRequest,
  type ResearcherView,
  researcherRequest,
} from "../../shared/study/requests.ts";
import type { Budget } from "../door/budget.ts";
import { type Door, type HttpRefusal, httpRefusal, isRead, notFound } from "../door/door.ts";
import { answerWithinBudget, conflict, parsed } from "../http/withinBudget.ts";
import type { Reports } from "../reports.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { OpenStudy } from "./openStudy.ts";
import { Protocols } from "./protocols.ts";
import { tablesOf } from "./tables.ts";

/** Largest body, bytes: all answers to a study's questions at once. */
const largestBody = 64 * 1024;

export interface StudiesParts {
  readonly door: Door;
  readonly log: SqlLog;
  readonly budget: Budget;
  readonly reports: Reports;
  /** Folder with the protocols. */
  readonly folder: string;
  /** Path that all URLs begin with; empty for none. */
  readonly basePath: string;
}

/** The routes of studies: their pages' addresses, what participants ask, and what the researcher asks. */
export class Studies {
  readonly routes = Router({ caseSensitive: true, strict: true });
  readonly #parts: StudiesParts;
  readonly #protocols: Protocols;
  /** By name; there are no more than files and rows of studies. */
  readonly #open = new Map<string, OpenStudy>();

  /** What is wrong with a file is logged once, however many come to it. */
  readonly #told = new WeakSet<BadProtocol>();

  constructor(parts: StudiesParts) {
    this.#parts = parts;
    this.#protocols = new Protocols(parts.folder);
    const body = express.json({ limit: largestBody, inflate: false });
    const { basePath } = parts;
    this.routes.use("/study/:name", async (request, response, next) => {
      const name = studyName.safeParse(request.params.name);
      const rest = request.path.replace(/\/$/, "");
      if (!isRead(request) || !name.success || !["", "/researcher"].includes(rest)) return next();
      const [, search = ""] = request.originalUrl.split("?", 2);
      const query =
        rest === "" ? await this.#arrival(name.data, new URLSearchParams(search)) : "&researcher";
      response.redirect(302, `${basePath}/study.html?study=${name.data}${query}`);
    });
    this.routes.post("/api/studies/:name", body, (request, response) =>
      this.#answer(request, response, async (study, spend) => {
        const asked = parsed(participantRequest, request.body, spend);
        if (!asked.success) return malformed;
        const { participant, request: what } = asked.data;
        const view = await study.ask(
          participant,
          what,
          spend,
          () => parts.door.admitLesson(request),
          () => response.closed,
        );
        return "excess" in view ? view.excess : isRefusal(view) ? conflict(view) : view;
      }),
    );
    this.routes.post("/api/studies/:name/researcher", body, (request, response) =>
      this.#answer(request, response, async (study, spend) => {
        const asked = parsed(researcherRequest, request.body, spend);
        if (!asked.success) return malformed;
        // Of 128 random bits there is nothing to guess.
        if (!(await parts.log.studies.isSecret(study.name, asked.data.secret)))
          return notResearcher;
        return this.#research(study, asked.data.request, spend);
      }),
    );
  }

  /** What the panel says of who arrives, under the names that the pages have for it. */
  async #arrival(name: string, given: URLSearchParams): Promise<string> {
    const names = await this.#namesIn(name);
    // The page then says that there is no such study, or what is wrong with it.
    if (!names) return "&participant=-";
    const said = new URLSearchParams();
    for (const [ours, theirs] of [
      ["participant", names.participant],
      ["panel", names.study],
      ["session", names.session],
    ] as const) {
      const value = given.get(theirs);
      if (value) said.set(ours, value);
    }
    return said.size > 0 ? `&${said}` : "";
  }

  /** What the panel calls its parameters: by the study's file or, where that is spoilt, as it was; null where it never was. */
  async #namesIn(name: string): Promise<Protocol["names"] | null> {
    const file = await this.#protocols.read(name).catch(() => null);
    if (file) return file.names;
    const study = await this.#studyAt(name).catch(() => null);
    return (
      (await study?.look(
        () => {},
        ({ protocols }) => protocols.at(-1)?.protocol.names,
      )) ?? null
    );
  }

  async #research(
    study: OpenStudy,
    request: ResearcherRequest,
    spend: Spend,
  ): Promise<ResearcherView | HttpRefusal> {
    if (request.type === "close" || request.type === "reopen")
      await study.setClosed(request.type === "close", spend);
    if (request.type === "delete" && !(await study.erase(request.participant, spend)))
      return httpRefusal(404, "malformed", "There is no such participant.");
    const tables =
      request.type === "tables"
        ? await tablesOf(study, this.#parts.log, request.ids, spend)
        : undefined;
    const overview = await study.look(spend, (all) => overviewOf(all, Date.now()));
    return { overview, ...(tables && { tables }) };
  }

  #answer(
    request: Request,
    response: Response,
    answer: (study: OpenStudy, spend: Spend) => Promise<HttpRefusal | object>,
  ): Promise<void> {
    return answerWithinBudget(
      this.#parts,
      "studies",
      request,
      response,
      async (spend) => {
        const study = await this.#studyAt(`${request.params.name}`);
        return study ? answer(study, spend) : notFound;
      },
      (error) => {
        if (!(error instanceof BadProtocol)) return null;
        if (!this.#told.has(error)) this.#parts.reports.failed("studies", error);
        this.#told.add(error);
        return broken;
      },
    );
  }

  /** Null where there is no file of the name, and nothing was ever done in such a study. */
  async #studyAt(name: string): Promise<OpenStudy | null> {
    const known = this.#open.get(name);
    if (known) return known;
    if (!studyName.safeParse(name).success) return null;
    const { log } = this.#parts;
    // Who has begun goes on, whatever has become of the file since.
    if (!(await log.studies.names()).includes(name) && !(await this.#protocols.read(name)))
      return null;
    const study = this.#open.get(name) ?? new OpenStudy(name, log, this.#protocols);
    this.#open.set(name, study);
    return study;
  }
}

const malformed = httpRefusal(400, "malformed", "This is no request of a study's page.");
const notResearcher = httpRefusal(
  403,
  "not-yours",
  "This is not the link of this study's researcher.",
);
const broken = httpRefusal(
  503,
  "damaged",
  "This study's file has a mistake; whoever runs the study can find it with `npm run study -- check`.",
  { "Retry-After": "10" },
);
