import { parseArgs } from "node:util";
import { type KillResult, kill } from "./kills.ts";
import { startUp } from "./startup.ts";
import { rows } from "./table.ts";

/** Runs what the arguments ask for. Returns whether no acknowledged request was lost. */
export async function run(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: "string", default: "100" },
      rolls: { type: "string", default: "5" },
      seed: { type: "string", default: "1" },
      startup: { type: "boolean", default: false },
    },
  });
  if (values.startup) {
    process.stdout.write(await startUp());
    return true;
  }
  const { isTTY } = process.stderr;
  const count = await kill({
    kills: Number(values.kills),
    rolls: Number(values.rolls),
    seed: Number(values.seed),
    progress: ({ kills, rolls }) => {
      if (isTTY) process.stderr.write(`\r${kills} kills, ${rolls} rolls`);
    },
  });
  if (isTTY) process.stderr.write("\r\x1b[K");
  process.stdout.write(table(count));
  const { lost, twice, broken, split, untold, late } = count;
  return lost + twice + broken + split + untold + late === 0;
}

function table(count: KillResult): string {
  const ms = (time: number) => `${Math.round(time)} ms`;
  return rows([
    ["kills", count.kills],
    ["  of these while starting", count.duringStart],
    ["rolling restarts", count.rolls],
    ["requests", count.requests],
    ["acknowledged", count.acknowledged],
    ["refused by the rules", count.refused],
    ["sent again", count.resent],
    ["lost or altered", count.lost],
    ["twice or nobody's", count.twice],
    ["gaps; requests that failed after a start", count.broken],
    ["another history, or one that came late", count.split],
    ["not gone after five seconds", count.late],
    ["not told that the server ends", count.untold],
    ["longest start", ms(count.slowestStart)],
    ["longest end", ms(count.slowestEnd)],
  ]);
}
