import { isIP } from "node:net";
import type { Place } from "./storage/place.ts";

/** The operator's settings, from environment variables. */
export interface Settings {
  /** The address of this machine to listen on; null for all of them. */
  readonly host: string | null;
  readonly port: number;
  /** Path that all URLs here begin with, as in /dojo; empty for none. */
  readonly basePath: string;
  /** Where lessons are kept. */
  readonly place: Place;
  /** Folder with the protocols of studies. */
  readonly studies: string;
  /** Redis by which this process shares its lessons with others; null where it has them for itself. */
  readonly redis: SharedRedis | null;
  /** Whether trainers in processes of their own train and infer; without, threads of this one do. */
  readonly remoteTrainers: boolean;
  /** Host names, as in dojo.example, that requests may be sent to; empty for any. */
  readonly allowedHosts: readonly string[];
  /** Further origins, as in https://dojo.example, whose pages may use this server. */
  readonly allowedOrigins: readonly string[];
  /** Number of proxies in front, each of which appends its client to X-Forwarded-For. */
  readonly proxies: number;
  /** Token for reading metrics; null where they are off. */
  readonly metricsToken: string | null;
  readonly logLevel: LogLevel;
  /** Seconds after which a process whose main thread hangs is ended; 0 for never. */
  readonly watchdog: number;
  /** Days after which a class is forgotten, with its lessons. */
  readonly classDays: number;
  readonly limits: Limits;
}

export interface SharedRedis {
  readonly url: string;
  /** Path of the site, as in /at/2571, under which browsers reach this process and no other. */
  readonly publicPath: string;
}

export interface Limits {
  /** Lessons that an address may begin in an hour. */
  readonly lessonsAnHour: number;
  /** HTTP requests that an address may make in a minute. */
  readonly requestsAMinute: number;
  /** Websockets that an address may hold open. */
  readonly connections: number;
  /** Milliseconds of the main thread that an address may have in a second. */
  readonly mainThread: number;
  /** Lessons open at once. */
  readonly rooms: number;
  /** Messages that a connection may send in ten seconds. */
  readonly messages: number;
  /** MB (1e6 bytes) of events that a lesson may hold. */
  readonly lessonSize: number;
  /** MB of heap, about, that all lessons in memory may take. */
  readonly memory: number;
  /** Seconds that one training or inference may take. */
  readonly work: number;
  /** Seconds without a request after which a lesson leaves memory. */
  readonly idle: number;
  /** Seconds of training and inference that a lesson may take in an hour. */
  readonly workAnHour: number;
  /** Pupils in a class. */
  readonly pupils: number;
}

const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Reads the settings from environment variables.
 * @throws BadSetting where one of them is invalid
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const whole = (name: string, otherwise: number, from: number, to: number) => {
    const text = env[name] || `${otherwise}`;
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= from && number <= to) return number;
    throw new BadSetting(`${name} is "${text}", which is not a number from ${from} to ${to}.`);
  };
  const many = 1_000_000;
  const proxies = whole("TRUST_PROXY", 0, 0, 16);
  return {
    // A client that could bypass the proxies could forge X-Forwarded-For.
    host: address("HOST", env.HOST || (proxies > 0 ? "127.0.0.1" : null)),
    port: whole("PORT", 2567, 0, 65535),
    basePath: path("BASE_PATH", env.BASE_PATH || ""),
    place: placeIn(env),
    studies: env.STUDIES_DIR || "studies",
    redis: sharedRedis(env),
    remoteTrainers: remoteTrainers(env),
    allowedHosts: list(env.ALLOWED_HOSTS).map((host) => host.toLowerCase()),
    allowedOrigins: list(env.ALLOWED_ORIGINS),
    proxies,
    metricsToken: env.METRICS_TOKEN || null,
    logLevel: oneOf("LOG_LEVEL", env.LOG_LEVEL || "warn", logLevels),
    watchdog: whole("WATCHDOG_SECONDS", 10, 0, 3600),
    classDays: whole("CLASS_DAYS", 90, 1, 3650),
    limits: {
      lessonsAnHour: whole("MAX_LESSONS_AN_HOUR", 300, 1, many),
      requestsAMinute: whole("MAX_REQUESTS_A_MINUTE", 3000, 1, many),
      connections: whole("MAX_CONNECTIONS", 200, 1, many),
      mainThread: whole("MAX_MS_A_SECOND", 250, 1, many),
      rooms: whole("MAX_ROOMS", 1000, 1, many),
      messages: whole("MAX_MESSAGES", 600, 1, many),
      lessonSize: whole("MAX_LESSON_MB", 32, 1, 1024),
      memory: whole("MAX_MEMORY_MB", 512, 1, many),
      idle: whole("MAX_IDLE_SECONDS", 300, 1, 86_400),
      work: whole("MAX_WORK_SECONDS", 180, 1, 3600),
      pupils: whole("MAX_PUPILS", 60, 2, 1000),
      workAnHour: whole("MAX_WORK_SECONDS_AN_HOUR", 1200, 1, 3600),
    },
  };
}

/** The settings of a trainer. @throws BadSetting */
export function readTrainerSettings(env: Readonly<Record<string, string | undefined>>) {
  if (!env.REDIS_URL)
    throw new BadSetting("A trainer needs REDIS_URL, the Redis of the servers that it trains for.");
  return {
    place: placeIn(env),
    redis: redisUrl(env.REDIS_URL),
    logLevel: oneOf("LOG_LEVEL", env.LOG_LEVEL || "warn", logLevels),
  };
}

/** Where lessons are kept. A folder's name is relative to the project's. @throws BadSetting */
export function placeIn(env: Readonly<Record<string, string | undefined>>): Place {
  return env.DATABASE_URL
    ? { kind: "postgres", url: databaseUrl(env.DATABASE_URL) }
    : { kind: "sqlite", folder: env.DATA_DIR || "data" };
}

function sharedRedis(env: Readonly<Record<string, string | undefined>>): SharedRedis | null {
  const { REDIS_URL: url, PUBLIC_ADDRESS: given } = env;
  if (!url) return null;
  const publicPath = path("PUBLIC_ADDRESS", given || "");
  if (publicPath === "")
    throw new BadSetting(
      "REDIS_URL needs PUBLIC_ADDRESS, the path by which browsers reach this process and no other, as in /at/2571.",
    );
  return { url: redisUrl(url), publicPath };
}

function redisUrl(text: string): string {
  // As with the database's, the text is not told again.
  if (URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)) return text;
  throw new BadSetting(
    "REDIS_URL is not an address as in redis://:password@host:6379; rediss:// is with TLS.",
  );
}

function remoteTrainers(env: Readonly<Record<string, string | undefined>>): boolean {
  const where = oneOf("TRAINERS", env.TRAINERS || "threads", ["threads", "remote"] as const);
  if (where === "remote" && !env.REDIS_URL)
    throw new BadSetting("TRAINERS=remote needs REDIS_URL, where trainers take their work from.");
  return where === "remote";
}

/** An invalid setting; the message is a sentence for the operator. */
export class BadSetting extends Error {}

function list(text = ""): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function address(name: string, text: string | null): string | null {
  if (text === null || text === "localhost" || isIP(text) > 0) return text;
  throw new BadSetting(`${name} is "${text}", which is neither an IP address nor localhost.`);
}

function databaseUrl(text: string): string {
  // The text is not told again: it may have a password in it.
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol) && !text.includes("#"))
    return text;
  throw new BadSetting(
    "DATABASE_URL is not an address as in postgres://user@host/database; signs such as / and # in a password are written as %2F and %23.",
  );
}

function path(name: string, text: string): string {
  // No "." or "..", which browsers resolve, and nothing that has to be encoded.
  if (/^(\/[\w~-][\w.~-]*)*$/.test(text)) return text;
  throw new BadSetting(
    `${name} is "${text}", which is not a path as in /dojo: it begins with "/" and does not end with it.`,
  );
}

function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw new BadSetting(`${name} is "${text}", which is none of ${words.join(", ")}.`);
}
