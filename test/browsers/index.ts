import { mkdirSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { bundledBits } from "../browser/bundledBits.ts";
import { startServer } from "../server/server.ts";
import bits from "../shared/fixtures/bits.json" with { type: "json" };
import type { Engine } from "./engine.ts";
import { openFirefox } from "./firefox.ts";
import { type Played, playFirstLevel } from "./play.ts";
import { openWebKit, type WebKitPrograms } from "./webkit.ts";

/** Where the programs are; null for what is not to be had here. */
export interface Programs {
  readonly firefox: string | null;
  readonly webkit: WebKitPrograms | null;
}

/** Where a picture of each page is left, to be looked at. */
const folder = "dist/browsers";

/** Plays in each browser that there is. Returns whether all went well, in all of them. */
export async function run(args: string[], { firefox, webkit }: Programs): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: { only: { type: "string" }, language: { type: "string", default: "C.UTF-8" } },
  });
  const all: Record<string, (() => Promise<Engine>) | null> = {
    Firefox: firefox === null ? null : () => openFirefox(firefox),
    WebKitGTK: webkit && (() => openWebKit(webkit, values.language)),
  };
  mkdirSync(folder, { recursive: true });
  const rows: Row[] = [];
  for (const [name, open] of Object.entries(all)) {
    if (values.only && values.only.toLowerCase() !== name.toLowerCase()) continue;
    rows.push(open ? await tried(name, open) : { browser: name, played: "not here", bits: "" });
  }
  process.stdout.write(table(rows));
  return rows.length > 0 && rows.every(({ isFine }) => isFine);
}

interface Row {
  readonly browser: string;
  readonly played: string;
  readonly bits: string;
  readonly seconds?: number;
  readonly isFine?: boolean;
}

async function tried(name: string, open: () => Promise<Engine>): Promise<Row> {
  const began = performance.now();
  const server = await startServer();
  let engine: Engine | null = null;
  let browser = name;
  let played = "not opened";
  let same = "";
  let isFine = false;
  try {
    engine = await open();
    browser = engine.version;
    const [level, equal] = [
      await playFirstLevel(engine, server.address).then(say, sayError).finally(look),
      await sameBits(engine, server.address).then((is) => (is ? "equal" : "differ"), sayError),
    ];
    isFine = !level.startsWith("no:") && equal === "equal";
    [played, same] = [level, equal];
  } catch (error) {
    played = sayError(error);
  }
  await engine?.close();
  await server.stop();
  return { browser, played, bits: same, seconds: (performance.now() - began) / 1000, isFine };

  async function look(): Promise<void> {
    writeFileSync(`${folder}/${name}.png`, await engine!.look());
  }
}

function say({ clone, learner, answers }: Played): string {
  return `yes: ${clone.toFixed(1)} laps, after ${answers} answers ${learner.toFixed(1)}`;
}

function sayError(error: unknown): string {
  return `no: ${(error as Error).message}`;
}

/** Whether drives, policies and questions have the same bits there as everywhere. */
async function sameBits(engine: Engine, address: string): Promise<boolean> {
  const code = await bundledBits();
  await engine.go(`${address}/bc-vs-dagger.html`);
  return isDeepStrictEqual(await engine.run(`${code}; return bits.computeBits();`), bits);
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ browser, played, bits, seconds }) =>
      `| ${browser} | ${played} | ${bits} | ${seconds?.toFixed(0) ?? ""} |`,
  );
  return [
    "| browser | first level played | bits | seconds |",
    "|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}
