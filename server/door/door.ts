import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { isProbe } from "../http/health.ts";
import type { Others } from "../rooms/rooms.ts";
import type { Settings } from "../settings.ts";
import { addressOf } from "./address.ts";
import { type Counts, ownCounts } from "./counts.ts";

/** A refusal with its HTTP status and headers. */
export interface HttpRefusal {
  readonly status: number;
  readonly refusal: Refusal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asked before somebody new is let in: a refusal is passed on. */
export type Admission<Excess> = () => Promise<Excess | null>;

/** Longest URL, characters. */
const longestUrl = 2048;
/** URL of a room's websocket: /process/room?sessionId=… */
const roomUrl = /^\/([\w-]+)\/([\w-]+)\?(?:.*&)?sessionId=[\w-]+(?:&|$)/;

/**
 * Admits requests, by origin and by rate. Browsers send the true origin of a page, so pages of other
 * origins are refused; programs may send any, so that for them there are only the limits.
 */
export class Door {
  readonly #settings: Pick<Settings, "allowedHosts" | "allowedOrigins" | "proxies" | "limits">;
  readonly #isRoom: (process: string, room: string) => boolean;
  readonly #others: Pick<Others, "websockets"> | null;
  readonly #requests: RateLimiterAbstract;
  readonly #lessons: RateLimiterAbstract;
  /** Open websockets by address. */
  readonly #open = new Map<string, number>();

  /**
   * @param isRoom whether a room is open in a process, by Colyseus' ids of both
   * @param others processes whose limits are the same; null where there are none
   */
  constructor(
    settings: Pick<Settings, "allowedHosts" | "allowedOrigins" | "proxies" | "limits">,
    isRoom: (process: string, room: string) => boolean,
    others: Pick<Others, "websockets"> | null = null,
    counts: Counts = ownCounts,
  ) {
    this.#settings = settings;
    this.#isRoom = isRoom;
    this.#others = others;
    const { requestsAMinute, lessonsAnHour } = settings.limits;
    this.#requests = counts("requests", requestsAMinute, 60);
    this.#lessons = counts("lessons", lessonsAnHour, 3600);
  }

  addressOf(request: IncomingMessage): string {
    return addressOf(request, this.#settings.proxies);
  }

  /** Open websockets by address. */
  get websockets(): ReadonlyMap<string, number> {
    return this.#open;
  }

  /** Open websockets. */
  get connections(): number {
    let sum = 0;
    for (const count of this.#open.values()) sum += count;
    return sum;
  }

  /** Counts a request. Returns a refusal, or null where it is admitted. */
  async admitRequest(request: IncomingMessage): Promise<HttpRefusal | null> {
    if ((request.url ?? "").length > longestUrl)
      return httpRefusal(414, "malformed", "This URL is too long.");
    const excess = await this.#count(
      this.#requests,
      request,
      "There were too many requests from your network address; wait a minute.",
    );
    if (excess) return excess;
    const hosts = request.rawHeaders.filter(isHostHeader).length;
    // With two Host headers, this server and a proxy might each take another one.
    if (hosts > 1 || (hosts === 0 && request.httpVersion === "1.1"))
      return httpRefusal(400, "malformed", "A request has one Host header.");
    const { allowedHosts } = this.#settings;
    // Anyone can point a name of their own here (DNS rebinding); host and origin then agree.
    const known = allowedHosts.length === 0 || allowedHosts.includes(nameOf(this.hostOf(request)));
    // Probes use the machine's address, and learn nothing confidential.
    if (!known && !(isRead(request) && isProbe(request.url ?? "")))
      return httpRefusal(421, "not-yours", "This server does not go by that name.");
    return isRead(request) && !isWebsocketUpgrade(request) ? null : this.#refuseForeign(request);
  }

  /** Counts a new lesson. Returns a refusal, or null where it is admitted. */
  admitLesson(request: IncomingMessage): Promise<HttpRefusal | null> {
    const reason = "Too many lessons were begun from your network address; go on with one of them.";
    return this.#count(this.#lessons, request, reason);
  }

  /** Counts a websocket until `socket` closes. Returns a refusal, or null where it is admitted. */
  async admitWebsocket(request: IncomingMessage, socket: Duplex): Promise<HttpRefusal | null> {
    const refusal = await this.admitRequest(request);
    if (refusal) return refusal;
    const [, process, room] = request.url?.match(roomUrl) ?? [];
    if (process === undefined || !this.#isRoom(process, room!)) return notFound;
    const address = this.addressOf(request);
    const count = this.#open.get(address) ?? 0;
    if (count + (this.#others?.websockets(address) ?? 0) >= this.#settings.limits.connections) {
      const reason = "Too many lessons are open from your network address; close one of them.";
      return httpRefusal(429, "too-many", reason, { "Retry-After": "10" });
    }
    if (socket.destroyed) return httpRefusal(400, "malformed", "The line is closed.");
    this.#open.set(address, count + 1);
    socket.once("close", () => {
      const rest = this.#open.get(address)! - 1;
      if (rest > 0) this.#open.set(address, rest);
      else this.#open.delete(address);
    });
    return null;
  }

  /** Host and port to which a request was sent. */
  hostOf({ headers }: IncomingMessage): string {
    const forwarded = this.#settings.proxies > 0 ? headers["x-forwarded-host"] : undefined;
    return [forwarded ?? []].flat()[0] ?? headers.host ?? "";
  }

  async #count(limiter: RateLimiterAbstract, request: IncomingMessage, reason: string) {
    try {
      await limiter.consume(this.addressOf(request));
      return null;
    } catch (rejection) {
      const seconds = Math.ceil((rejection as RateLimiterRes).msBeforeNext / 1000);
      return httpRefusal(429, "too-many", reason, { "Retry-After": `${Math.max(1, seconds)}` });
    }
  }

  /** A refusal for pages of other origins; null for its own pages, for allowed ones, and for programs. */
  #refuseForeign(request: IncomingMessage): HttpRefusal | null {
    const { origin } = request.headers;
    if (origin === undefined || this.#settings.allowedOrigins.includes(origin)) return null;
    // Only the proxy that terminates TLS knows whether it was http or https.
    return isSameHost(origin, this.hostOf(request))
      ? null
      : httpRefusal(403, "not-yours", "Pages of other sites may not use this server.");
  }
}

export function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

export function isWebsocketUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

/** Whether an entry of rawHeaders, where names and values alternate, is the name Host. */
function isHostHeader(text: string, index: number): boolean {
  return index % 2 === 0 && text.toLowerCase() === "host";
}

function isSameHost(origin: string, host: string): boolean {
  try {
    const { protocol, host: theirs } = new URL(origin);
    // Either may leave out the default port.
    return /^https?:$/.test(protocol) && theirs === new URL(`${protocol}//${host.trim()}`).host;
  } catch {
    return false;
  }
}

/** The name in a Host header, without the port; empty where it is invalid. */
function nameOf(host: string): string {
  try {
    return new URL(`http://${host.trim()}`).hostname;
  } catch {
    return "";
  }
}

export function httpRefusal(
  status: number,
  code: Refusal["code"],
  reason: string,
  headers?: Readonly<Record<string, string>>,
): HttpRefusal {
  return { status, refusal: { code, reason }, ...(headers && { headers }) };
}

export const notFound = httpRefusal(404, "malformed", "There is nothing at this address.");

/** Writes a refusal to a socket that Node's HTTP server no longer handles, and closes it. */
export function refuseAndClose(
  socket: Duplex,
  { status, refusal, headers = {} }: HttpRefusal,
): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(refusal);
  const lines = Object.entries({
    ...headers,
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": `${Buffer.byteLength(body)}`,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    Connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
}
