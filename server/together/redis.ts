import { Redis } from "ioredis";
import { whatOfCertificate } from "../certificate.ts";
import { listings, removeOf, write } from "./listings.ts";

/** Longest time that a command may take, ms: a line that died without a word is not waited for. */
const longest = 2000;
/** How often it is looked whether Redis answers, and how long that may take, ms. */
const lookInterval = 500;
const longestLook = 1000;

/**
 * Connects to the Redis at `url`, and looks whether this process may do there what it needs. What is asked of it while it
 * is gone fails at once, and it is connected to again once it is back.
 * @throws Error in words for whoever runs the server
 */
export async function connectTo(url: string): Promise<Redis> {
  await tryOnce(url);
  const redis = new Redis(url, {
    // Who waits for a seat is better told so than left waiting.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: longest,
    connectTimeout: longest,
    keepAlive: 5000, // ms
    // Colyseus' presence does, and catches what comes of it: by itself it would end the process where the line is cut
    // again before Redis has answered.
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(500, 50 * attempt), // ms
    // Where another Redis has taken over, the old one refuses to write.
    reconnectOnError: ({ message }) => message.startsWith("READONLY"),
  });
  // Whoever asks for something is told; without this, Node ends the process.
  redis.on("error", () => {});
  await ready(redis);
  leaveWhenSilent(redis);
  return redis;
}

/**
 * Takes a Redis that hangs, or whose line was cut without a word, for gone until it answers: nobody who asks for
 * something then waits for it in vain.
 */
export function leaveWhenSilent(redis: Redis): void {
  let isAsked = false;
  const looking = setInterval(async () => {
    if (isAsked || redis.status !== "ready") return;
    isAsked = true;
    const { stream } = redis;
    // Where this process stood still meanwhile, the answer is there, and is read first.
    const leave = () => setImmediate(() => isAsked && stream.destroy());
    const late = setTimeout(leave, longestLook);
    await redis.ping().catch(() => {});
    clearTimeout(late);
    isAsked = false;
  }, lookInterval);
  redis.once("end", () => clearInterval(looking));
}

/** Resolves once `redis` takes commands. */
export function ready(redis: Redis): Promise<void> {
  if (redis.status === "ready") return Promise.resolve();
  return new Promise((resolve) => redis.once("ready", () => resolve()));
}

/** Whether an error says no more than that Redis did not answer. */
export function isNoAnswer(error: unknown): boolean {
  const { name = "", message = "", code = "" } = error as Error & { code?: string };
  return (
    name === "MaxRetriesPerRequestError" ||
    /^(Connection is closed|Command timed out|Stream isn't writeable|Socket closed)/.test(
      message,
    ) ||
    /^(LOADING|READONLY|MASTERDOWN|OOM|MISCONF|UNKILLABLE|NOREPLICAS|CLUSTERDOWN)\b/.test(
      message,
    ) ||
    /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(code)
  );
}

async function tryOnce(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5000, // ms
    commandTimeout: 5000, // ms
    retryStrategy: () => null,
  });
  let why: Error | null = null;
  redis.on("error", (error) => {
    why ??= error;
  });
  try {
    await redis.connect();
    // Nothing else tells a replica, which may be read only, from what it is a replica of.
    await redis.set("dagger-dojo:check", "1", "EX", 1);
    // With fewer rights than these, processes would begin, and then take each other's lessons for lost.
    const room = "check";
    await redis.eval(write, 1, listings, room, room, JSON.stringify({ processId: room }), "new");
    await redis.eval(removeOf, 1, listings, room, room);
    // Nobody listens to these.
    const own = ["lesson:", "class:", "p:", "$", "ipc:", "dagger-dojo:"].map(
      (topic) => topic + room,
    );
    for (const topic of own) await redis.publish(topic, "null");
    await redis.subscribe("tallies", ...own);
  } catch (error) {
    throw inWords(why ?? (error as Error));
  } finally {
    redis.disconnect();
  }
}

/** The same error in words for whoever runs the server. */
function inWords(error: Error): Error {
  const { message } = error;
  const why = (sentence: string) => new Error(sentence, { cause: error });
  if (message.startsWith("NOAUTH") || /without any password/.test(message))
    return why("it asks for a password, as in redis://:password@host");
  if (message.startsWith("WRONGPASS") || /invalid password/i.test(message))
    return why("it refuses this user or password");
  if (/NOPERM.*channel/i.test(message)) return why("it does not let this user use its channels");
  if (/NOPERM|can't run this command/.test(message))
    return why("it does not let this user do all that is asked of it");
  if (message.startsWith("READONLY")) return why("it is a copy that is only read from");
  const certificate = whatOfCertificate(error);
  if (certificate !== null) return why(certificate);
  if (isNoAnswer(error)) return why(`it does not answer: ${message || "no connection"}`);
  return error;
}
