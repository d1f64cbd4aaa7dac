import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SqliteLog } from "../../server/storage/sqlite/log.ts";
import { demonstrate } from "../../shared/imitation/rollout.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { type Bench, type Figure, ratio } from "./harness.ts";

const formats = ["csv", "jsonl", "parquet", "lerobot", "minari", "imitation"] as const;
/** Demonstrations in a lesson, each of 200 steps. */
const drives = 100;
/** Lessons of a million steps, and of a tenth of that. */
const many = 50;
const few = 5;
const minute = 60_000; // ms

interface Measured {
  readonly ms: number;
  /** Most memory that the process had, kB. */
  readonly memory: number;
}

/** What `npm run export` takes for a million steps, in a process of its own. */
export const exports: Bench = {
  name: "Exporting a million steps (road)",
  async run() {
    execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "ignore" });
    const folder = mkdtempSync(join(tmpdir(), "dojo-"));
    try {
      const [large, small] = [join(folder, "large"), join(folder, "small")];
      await fill(large, many);
      await fill(small, few);
      return formats.flatMap((format): Figure[] => {
        const [of, ofFew] = [measure(large, format, folder), measure(small, format, folder)];
        return [
          ratio(`${format} / a minute`, [of.ms], [minute], { atMost: 1 }),
          ratio(`${format}, memory / that for a tenth`, [of.memory], [ofFew.memory], {
            atMost: 1.5,
          }),
        ];
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function fill(folder: string, lessons: number): Promise<void> {
  const log = await SqliteLog.open(folder);
  await Promise.all(
    Array.from({ length: lessons }, async (_, lesson) => {
      const { id } = await log.create({ world: "road" });
      for (let i = 0; i < drives; i++) {
        const episode = demonstrate(worlds.calm!, 2000 + lesson * drives + i);
        const event = { type: "demonstrated", episode } as const;
        await log.append(id, 2 + i, { key: `demonstrated-${i}`, print: "", event });
      }
    }),
  );
  await log.close();
}

function measure(from: string, format: string, folder: string): Measured {
  const to = join(folder, format);
  const program = pathToFileURL(resolve("dist/server/export.js")).href;
  const place = { kind: "sqlite", folder: from };
  const order = JSON.stringify({ from: place, lessons: null, format, to });
  const code = `
    import { existsSync, readFileSync } from "node:fs";
    const { exportLessons } = await import(${JSON.stringify(program)});
    const began = performance.now();
    await exportLessons(${order});
    const ms = performance.now() - began;
    // Linux counts what this process's parent had for its own, but not here.
    const status = "/proc/self/status";
    const peak = existsSync(status) ? /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, "utf8")) : null;
    const memory = peak ? Number(peak[1]) : process.resourceUsage().maxRSS;
    console.log(JSON.stringify({ ms, memory }));`;
  const node = ["--input-type=module", "--eval", code];
  const measured: Measured = JSON.parse(execFileSync(process.execPath, node, { encoding: "utf8" }));
  rmSync(to, { recursive: true });
  return measured;
}
