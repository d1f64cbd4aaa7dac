import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { RateLimiterMemory, type RateLimiterRes } from "rate-limiter-flexible";
import type { Refusal } from "../../shared/lesson/refusal.ts";
import { isProbe } from "../http/health.ts";
import type { Settings } from "../settings.ts";
import { addressOf } from "./address.ts";

/** A refusal as HTTP has it. */
export interface No {
  readonly status: number;
  readonly refusal: Refusal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Longest URL that is looked at, characters. */
const longestUrl = 2048;
/** Where the page has its websocket: /process/room?sessionId=… */
const seat = /^\/([\w-]+)\/([\w-]+)\?(?:.*&)?sessionId=[\w-]+(?:&|$)/;

/**
 * Who may come in, and how often. Browsers are kept from speaking for pages of other origins;
 * programs say of themselves what they like, so that for them there are only limits.
 */
export class Door {
  readonly #settings: Pick<Settings, "allowedHosts" | "allowedOrigins" | "proxies" | "limits">;
  readonly #isRoom: (process: string, room: string) => boolean;
  readonly #requests: RateLimiterMemory;
  readonly #lessons: RateLimiterMemory;
  /** Open websockets by address. */
  readonly #open = new Map<string, number>();

  /** @param isRoom whether there is this room in this process, by the names that Colyseus gives them */
  constructor(
    settings: Pick<Settings, "allowedHosts" | "allowedOrigins" | "proxies" | "limits">,
    isRoom: (process: string, room: string) => boolean,
  ) {
    this.#settings = settings;
    this.#isRoom = isRoom;
    const { requestsAMinute, lessonsAnHour } = settings.limits;
    this.#requests = new RateLimiterMemory({ points: requestsAMinute, duration: 60 });
    this.#lessons = new RateLimiterMemory({ points: lessonsAnHour, duration: 3600 });
  }

  addressOf(request: IncomingMessage): string {
    return addressOf(request, this.#settings.proxies);
  }

  /** Open websockets. */
  get connections(): number {
    let sum = 0;
    for (const count of this.#open.values()) sum += count;
    return sum;
  }

  /** Why a request may not come in; null where it may, and then it counts. */
  async request(request: IncomingMessage): Promise<No | null> {
    if ((request.url ?? "").length > longestUrl)
      return no(414, "malformed", "This URL is too long.");
    const excess = await this.#count(
      this.#requests,
      request,
      "There have been too many requests from your address; wait a minute.",
    );
    if (excess) return excess;
    const hosts = request.rawHeaders.filter(isHostHeader).length;
    // Of two names this server would go by one and a proxy perhaps by the other.
    if (hosts > 1 || (hosts === 0 && request.httpVersion === "1.1"))
      return no(400, "malformed", "A request has one Host header.");
    const { allowedHosts } = this.#settings;
    // Whoever owns a name can have it lead here (DNS rebinding), and then host and origin agree.
    const known = allowedHosts.length === 0 || allowedHosts.includes(nameOf(this.#hostOf(request)));
    // Probes know the machine's address, and nothing that is anyone's business is told to them.
    if (!known && !(reads(request) && isProbe(request.url ?? "")))
      return no(421, "not-yours", "This server does not go by that name.");
    return reads(request) && !asksForWebsocket(request) ? null : this.#foreign(request);
  }

  /** Why whoever asks may not begin a lesson; null where they may, and then it counts. */
  lesson(request: IncomingMessage): Promise<No | null> {
    const reason = "Too many lessons have been begun from your address; go on with one of them.";
    return this.#count(this.#lessons, request, reason);
  }

  /** Why a websocket may not be opened; null where it may, and then it counts until `socket` closes. */
  async websocket(request: IncomingMessage, socket: Duplex): Promise<No | null> {
    const refusal = await this.request(request);
    if (refusal) return refusal;
    const [, process, room] = request.url?.match(seat) ?? [];
    if (process === undefined || !this.#isRoom(process, room!)) return noSuchThing;
    const address = this.addressOf(request);
    const count = this.#open.get(address) ?? 0;
    if (count >= this.#settings.limits.connections) {
      const reason = "Too many lessons are open at your address; close one of them.";
      return no(429, "too-many", reason, { "Retry-After": "10" });
    }
    if (socket.destroyed) return no(400, "malformed", "The line is closed.");
    this.#open.set(address, count + 1);
    socket.once("close", () => {
      const rest = this.#open.get(address)! - 1;
      if (rest > 0) this.#open.set(address, rest);
      else this.#open.delete(address);
    });
    return null;
  }

  /** By what name, and at what port, this server is spoken to. */
  #hostOf({ headers }: IncomingMessage): string {
    const forwarded = this.#settings.proxies > 0 ? headers["x-forwarded-host"] : undefined;
    return [forwarded ?? []].flat()[0] ?? headers.host ?? "";
  }

  async #count(limiter: RateLimiterMemory, request: IncomingMessage, reason: string) {
    try {
      await limiter.consume(this.addressOf(request));
      return null;
    } catch (rejection) {
      const seconds = Math.ceil((rejection as RateLimiterRes).msBeforeNext / 1000);
      return no(429, "too-many", reason, { "Retry-After": `${Math.max(1, seconds)}` });
    }
  }

  /** Why a page may not speak to this server; null for its own pages, for those allowed, and for programs. */
  #foreign(request: IncomingMessage): No | null {
    const { origin } = request.headers;
    if (origin === undefined || this.#settings.allowedOrigins.includes(origin)) return null;
    // Whether it is http or https is known only to whatever ends TLS, in front of this server.
    return isHost(origin, this.#hostOf(request))
      ? null
      : no(403, "not-yours", "Pages of other sites may not use this server.");
  }
}

export function reads({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

export function asksForWebsocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

/** Of raw headers, which alternate with their values. */
function isHostHeader(text: string, index: number): boolean {
  return index % 2 === 0 && text.toLowerCase() === "host";
}

function isHost(origin: string, host: string): boolean {
  try {
    const { protocol, host: theirs } = new URL(origin);
    // The default port goes without saying, in one of them or in both.
    return /^https?:$/.test(protocol) && theirs === new URL(`${protocol}//${host.trim()}`).host;
  } catch {
    return false;
  }
}

/** A host without its port; nothing where it is none. */
function nameOf(host: string): string {
  try {
    return new URL(`http://${host.trim()}`).hostname;
  } catch {
    return "";
  }
}

export function no(
  status: number,
  code: Refusal["code"],
  reason: string,
  headers?: Readonly<Record<string, string>>,
): No {
  return { status, refusal: { code, reason }, ...(headers && { headers }) };
}

export const noSuchThing = no(404, "malformed", "There is nothing at this address.");

/** Says no on a line that speaks no HTTP any more, or never did, and hangs up. */
export function hangUp(socket: Duplex, { status, refusal, headers = {} }: No): void {
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
