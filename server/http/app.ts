import { timingSafeEqual } from "node:crypto";
import type { ServerResponse } from "node:http";
import express, {
  type Application,
  type ErrorRequestHandler,
  type RequestHandler,
  type Router,
} from "express";
import withCompressed from "express-static-gzip";
import helmet from "helmet";
import { newLesson } from "../../shared/lesson/events/created.ts";
import { NotStored } from "../../shared/lesson/log.ts";
import type { ClassRoutes } from "../classes/routes.ts";
import { type Door, type HttpRefusal, httpRefusal, isRead, notFound } from "../door/door.ts";
import type { Reports, Route } from "../reports.ts";
import type { Rooms } from "../rooms/rooms.ts";
import { sha256 } from "../sha256.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { within, withSlash } from "./basePath.ts";
import { type Checks, checkHealth, isProbe } from "./health.ts";
import { isFromHere, type Reach, urlsOnNetwork } from "./reach.ts";
import { refuse } from "./refuse.ts";
import { internalError, seatRoutes } from "./seats.ts";

export interface AppDependencies {
  readonly door: Door;
  readonly log: SqlLog;
  readonly rooms: Rooms;
  readonly reports: Reports;
  /** Of {@link LessonFiles}. */
  readonly lessonFiles: Router;
  /** Of {@link OutsideLearners}. */
  readonly outsideLearners: Router;
  /** Of {@link Studies}. */
  readonly studies: Router;
  /** Of {@link ClassRoutes}. */
  readonly classes: ClassRoutes;
  readonly checks: Checks;
  /** Token for reading metrics; null where they are off. */
  readonly metricsToken: string | null;
  readonly pageFolder: string;
  /** Where the server is reached, with the path that all URLs here begin with; empty for none. */
  readonly reach: Reach;
}

/** Largest request body, bytes. */
const largestBody = 2048;

/** The HTTP routes: health checks, new lessons, seats in rooms, metrics, and the page. */
export function createApp(dependencies: AppDependencies): Application {
  const {
    door,
    log,
    rooms,
    reports,
    lessonFiles,
    outsideLearners,
    studies,
    classes,
    checks,
    metricsToken,
    pageFolder,
    reach,
  } = dependencies;
  const { basePath } = reach;
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", false);
  app.use(securityHeaders);

  app.use((request, response, next) => {
    const began = performance.now();
    const inside = within(basePath, request.url);
    response.locals.isElsewhere = inside === null;
    request.url = inside ?? request.url;
    const route = inside === null ? "other" : routeOf(request.path);
    response.once("close", () =>
      reports.responded(route, request.method, response.statusCode, performance.now() - began),
    );
    response.set("Cache-Control", "no-store");
    next();
  });

  app.use(async (request, response, next) => {
    const refusal = await door.admitRequest(request);
    if (!refusal) return next();
    reports.refused(refusal.refusal.code, refusal.status, door.addressOf(request));
    refuse(response, refusal);
  });

  app.use((request, response, next) => {
    if (!response.locals.isElsewhere) return next();
    const page = isRead(request) ? withSlash(basePath, request.url) : null;
    if (page === null) refuse(response, notFound);
    else response.redirect(301, page);
  });

  app.use((request, response, next) => {
    const { expect = "100-continue" } = request.headers;
    if (expect.toLowerCase() === "100-continue") return next();
    refuse(
      response,
      httpRefusal(417, "malformed", "This server does not do what the request expects."),
    );
  });

  // Otherwise Express answers OPTIONS by itself.
  app.use((request, response, next) => {
    if (["GET", "HEAD", "POST"].includes(request.method)) next();
    else notFoundOrNotAllowed(request, response, next);
  });

  app.get("/api/live", (_request, response) => {
    response.json({ ok: true });
  });

  app.get(["/api/ready", "/api/health"], async (_request, response) => {
    const health = await checkHealth(checks);
    response.status(health.ok ? 200 : 503).json(health);
  });

  app.get("/api/network", (request, response, next) => {
    if (!isFromHere(request)) return next();
    response.json({ urls: urlsOnNetwork(reach, request.socket.localPort!) });
  });

  const body = express.json({ limit: largestBody, inflate: false });

  app.post("/api/lessons", body, async (request, response) => {
    const lesson = newLesson.safeParse(request.body);
    if (!lesson.success) {
      const { message } = lesson.error.issues[0]!;
      return refuse(response, httpRefusal(400, "malformed", `${message}.`));
    }
    const excess = await door.admitLesson(request);
    if (excess) {
      reports.refused(excess.refusal.code, excess.status, door.addressOf(request));
      return refuse(response, excess);
    }
    try {
      const begun = await log.create(lesson.data);
      reports.began(begun.id);
      response.status(201).json(begun);
    } catch (error) {
      if (!(error instanceof NotStored)) throw error;
      reports.failed("lessons", error);
      refuse(response, httpRefusal(503, "not-stored", error.message));
    }
  });

  app.use(lessonFiles);
  app.use(outsideLearners);
  app.use(studies);
  app.use(classes.routes);

  app.use(seatRoutes({ door, log, rooms, reports, classes }));

  if (metricsToken !== null) {
    app.get("/metrics", async ({ headers }, response, next) => {
      if (!isSame(headers.authorization ?? "", `Bearer ${metricsToken}`)) return next();
      response.type(reports.metrics.contentType).send(await reports.metrics.text());
    });
  }

  const page = withCompressed(pageFolder, {
    enableBrotli: true,
    orderPreference: ["br", "gzip"],
    serveStatic: { redirect: false, setHeaders: cacheHeaders },
  });
  app.get(/^[\w./-]+$/, page); // plain file names only, nothing that has to be decoded

  app.use(notFoundOrNotAllowed);

  const failed: ErrorRequestHandler = (error, request, response, _next) => {
    const refusal = readRefusal(error);
    if (refusal.status === 500) reports.failed(routeOf(request.path), error);
    if (response.headersSent) response.destroy();
    else refuse(response, refusal);
  };
  app.use(failed);
  return app;
}

const notFoundOrNotAllowed: RequestHandler = ({ method, path }, response) => {
  const allowed = methodsOf(path);
  if (allowed.includes(method)) return refuse(response, notFound);
  const reason = `${method} is an invalid method here.`;
  refuse(response, httpRefusal(405, "malformed", reason, { Allow: allowed.join(", ") }));
};

/** No HSTS and no upgrade to https: those are for the proxy that terminates TLS. */
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      workerSrc: ["'self'"],
      // Phaser draws its textures from both.
      imgSrc: ["'self'", "data:", "blob:"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: "no-referrer" },
  xFrameOptions: { action: "deny" },
  strictTransportSecurity: false,
  // Over plain http, browsers only warn about these two.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
});

/** Files in assets/ have a hash of their content in their names, so that they never change. */
function cacheHeaders(response: ServerResponse, path: string): void {
  const hashed = /[/\\]assets[/\\][^/\\]+-[\w-]{8}\.\w+(\.br|\.gz)?$/.test(path);
  response.setHeader("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
}

/** Why a request could not be read. Parsers' own messages are not sent, as they quote the request. */
function readRefusal(error: unknown): HttpRefusal {
  const {
    status = 500,
    type = "",
    limit = largestBody,
  } = error as { status?: number; type?: string; limit?: number };
  if (status >= 500) return internalError;
  const reasons: Readonly<Record<string, string>> = {
    "entity.parse.failed": "The body is not JSON.",
    "entity.too.large": `The body is larger than ${limit} bytes.`,
    "encoding.unsupported": "The body must not be compressed.",
    "charset.unsupported": "The body is not in UTF-8.",
  };
  return httpRefusal(status, "malformed", reasons[type] ?? "This request cannot be read.");
}

function methodsOf(path: string): readonly string[] {
  const posts =
    path === "/api/lessons" ||
    path === "/api/lessons/file" ||
    /^\/api\/lessons\/[\w-]+\/network$/.test(path) ||
    path === "/api/classes" ||
    /^\/api\/(studies|classes)\//.test(path) ||
    /^\/matchmake\/joinOrCreate\/(lesson|class)$/.test(path);
  return posts ? ["POST"] : ["GET", "HEAD"];
}

function routeOf(path: string): Route {
  if (path === "/api/lessons" || /^\/api\/lessons\/[\w-]+(\/(file|pairs|network))?$/.test(path))
    return "lessons";
  if (/^\/(api\/studies|study)\//.test(path)) return "studies";
  if (/^\/(api\/classes|class)(\/|$)/.test(path)) return "classes";
  if (path.startsWith("/matchmake/")) return "matchmake";
  if (isProbe(path)) return "health";
  if (path === "/metrics") return "metrics";
  if (path.startsWith("/assets/")) return "asset";
  return /^\/[\w-]*(\.html)?$/.test(path) ? "page" : "other";
}

/** Compares in constant time. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}
