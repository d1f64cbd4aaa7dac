import type { ChildProcess } from "node:child_process";

/** Keys that are pressed here, and what WebDriver calls them. */
export const keys = {
  Enter: "\uE007",
  ArrowLeft: "\uE012",
  ArrowRight: "\uE014",
  c: "c",
  d: "d",
} as const;
export type KeyName = keyof typeof keys;

/** A browser with one page, of which no driver is needed that Debian does not have. */
export interface Engine {
  /** As in "Firefox 140.1". */
  readonly version: string;
  go(url: string): Promise<void>;
  /** What this JavaScript, the body of an async function, returns in the page; it has to be JSON. */
  run(body: string): Promise<unknown>;
  /** A PNG. */
  look(): Promise<Buffer>;
  down(key: KeyName): Promise<void>;
  up(key: KeyName): Promise<void>;
  close(): Promise<void>;
}

export async function press(engine: Engine, key: KeyName): Promise<void> {
  await engine.down(key);
  await engine.up(key);
}

/** Resolves once `isSo`, which is asked again and again. @throws Error where that takes too long */
export async function until(
  what: string,
  isSo: () => Promise<unknown>,
  seconds = 60,
): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((later) => setTimeout(later, 50));
  }
}

/** Resolves with what `pattern` finds first in what a process writes. */
export function written(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    stream.on("data", (chunk) => {
      text += chunk;
      const found = text.match(pattern);
      if (found) resolve(found[1]!);
    });
    stream.on("end", () => reject(new Error(`it said no more than: ${text.slice(-500)}`)));
  });
}

/** Leaves no browser behind where this process ends early. */
export function endWithThis(child: ChildProcess): void {
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
}
