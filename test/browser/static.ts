import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { buildStatic } from "../../scripts/static.mjs";
import { type LessonEvent, read } from "../../shared/lesson/fold.ts";
import type { ChangeName } from "../../shared/lesson/requests.ts";
import { kinds } from "../../shared/worlds/index.ts";
import { newKey, temporaryFolder } from "../server/server.ts";
import { worldButton } from "./lessons.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** Somewhere below the root of a server, as on GitHub Pages. */
const path = "/some/where/";

/** Has a browser look for a name that is not this machine's own on this machine. */
export const foreignName = "--host-resolver-rules=MAP dojo.test 127.0.0.1";

/** A server of plain files that knows nothing of lessons, with a folder below a path. */
export class FileServer {
  /** The folder; another one is another deployment. */
  folder: string;
  /** Paths that were asked for, the page's folder taken off where they are below it. */
  readonly asked: string[] = [];
  /** Those of them that the folder does not have. */
  readonly missing: string[] = [];
  readonly #server = createServer(async ({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const asked = url.startsWith(path) ? url.slice(path.length) : url;
    this.asked.push(asked);
    const name = normalize(pathname.slice(path.length)).replace(/^\.?$/, "index.html");
    try {
      if (!pathname.startsWith(path)) throw new Error("outside");
      const file = await readFile(join(this.folder, name));
      response
        .setHeader("content-type", types[extname(name)] ?? "application/octet-stream")
        .setHeader("cache-control", "max-age=600")
        .end(file);
    } catch {
      this.missing.push(asked);
      response.writeHead(404).end();
    }
  });

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @param port 0 for any */
  async start(port = 0): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(port, listening));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `http://localhost:${this.port}${path}`;
  }

  /** The same under a name that browsers do not trust, in one that was launched with {@link foreignName}. */
  get insecureAddress(): string {
    return `http://dojo.test:${this.port}${path}`;
  }
}

/** The static pages, built into a folder of the test's own. @param assets name of the folder for its files */
export async function builtPages(assets?: string): Promise<string> {
  const folder = temporaryFolder();
  await buildStatic(folder, assets);
  return folder;
}

/** What pages of a context do that they should not: errors, and requests elsewhere than to `address`. */
export function complaintsOf(context: BrowserContext, address: string): string[] {
  const complaints: string[] = [];
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(blob|data):/.test(url)) complaints.push(`asked for ${url}`);
  });
  context.on("weberror", (error) => complaints.push(error.error().message));
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return complaints;
}

/** What the page's database has of its lesson. */
export async function storedIn(page: Page): Promise<LessonEvent[]> {
  const rows = await page.evaluate(
    (lesson) =>
      new Promise<{ seq: number; at: number; body: string }[]>((resolve, reject) => {
        const opening = indexedDB.open("dagger-dojo");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const range = IDBKeyRange.bound([lesson, 0], [lesson, Number.POSITIVE_INFINITY]);
          const all = database.transaction("events").objectStore("events").getAll(range);
          all.onsuccess = () => resolve(all.result);
          all.onerror = () => reject(all.error);
          database.close();
        };
      }),
    lessonOf(page),
  );
  return rows.map(({ seq, at, body }) => read({ seq, at, ...JSON.parse(body) }));
}

/** The address of the lesson that is open. */
export function lessonOf(page: Page): string {
  return new URL(page.url()).searchParams.get("lesson")!;
}

/** Begins a lesson at the front page; resolves once it is open. */
export async function begin(page: Page, title: string): Promise<void> {
  const compared = kinds.filter(({ isForComparing }) => isForComparing);
  if (compared.some(({ levels }) => levels.some((level) => level.title === title))) {
    await page.getByRole("link", { name: "Cloning and DAgger compared" }).click();
    await page.getByRole("radio", { name: "Path" }).check();
  }
  await worldButton(page, title).click();
  await isOpen(page);
}

/** Has a page ask for these in turn, as for what an earlier page has left unsent; resolves once all is stored. */
export async function ask(page: Page, ...requests: (readonly [name: ChangeName, body: object])[]) {
  const letters = requests.map(([name, body]) => ({ name, body: { ...body, key: newKey() } }));
  const prefix = `dagger-dojo.unsent.${lessonOf(page)}.`;
  await page.evaluate(
    ([prefix, letters]) => {
      for (const [i, letter] of letters.entries()) {
        const name = `${prefix}${String(i + 1).padStart(15, "0")}.${letter.body.key}`;
        localStorage.setItem(name, JSON.stringify(letter));
      }
    },
    [prefix, letters] as const,
  );
  await page.reload();
  await page.waitForFunction(
    (prefix) => !Object.keys(localStorage).some((name) => name.startsWith(prefix)),
    prefix,
    { timeout: 120_000 },
  );
  await isOpen(page);
}

/** Waits until a lesson is open and drawn. */
export async function isOpen(page: Page): Promise<void> {
  await page.locator(".saved.open").waitFor();
  await page.locator(".stage canvas").waitFor();
}
