import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exportStudy } from "../../server/export/study.ts";
import type { LessonEvent } from "../../shared/lesson/fold.ts";
import { seeded } from "../../shared/random.ts";
import type { StudyEvent } from "../../shared/study/events.ts";
import { Study } from "../../shared/study/study.ts";
import type { ServerAddress } from "../server/server.ts";
import { Bot, fates, finishing } from "./bot.ts";

/** What came of a pilot; what is wrong is in `complaints`. */
export interface PilotResult {
  readonly bots: number;
  readonly finished: number;
  /** By condition and order, who has a place: whoever was screened out has left theirs to another. */
  readonly cells: Readonly<Record<string, number>>;
  readonly episodes: number;
  readonly labels: number;
  readonly complaints: readonly string[];
}

/**
 * Has bots of every fate go through a study, all of them at once.
 * @param atOnce how many are under way at a time
 */
export async function runBots(
  server: ServerAddress,
  study: string,
  n: number,
  atOnce: number,
  seed = 1,
): Promise<Bot[]> {
  const bots = Array.from(
    { length: n },
    (_, i) => new Bot(server, study, `bot-${i}`, fates[i % fates.length]!, seeded(seed + i)),
  );
  const waiting = [...bots];
  const work = async () => {
    for (let bot = waiting.shift(); bot; bot = waiting.shift()) await bot.run();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return bots;
}

/** Exports the study, and compares what is in it with what the bots did. */
export async function compare(
  bots: readonly Bot[],
  study: string,
  dataFolder: string,
  to: string,
): Promise<PilotResult> {
  const from = { kind: "sqlite", folder: dataFolder } as const;
  await exportStudy({ from, study, ids: "keep", format: "jsonl", to });
  const lines = (name: string) =>
    readFileSync(join(to, name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const exported = new Study();
  for (const event of lines("study.jsonl") as StudyEvent[]) exported.take(event);
  const complaints: string[] = [];
  const cells: Record<string, number> = {};
  let [finished, episodes, labels] = [0, 0, 0];
  if (exported.participants.size !== bots.length)
    complaints.push(`${exported.participants.size} participants of ${bots.length} bots`);
  for (const bot of bots) {
    const say = (words: string) => complaints.push(`${bot.id} (${bot.fate}): ${words}`);
    const one = exported.find(bot.id);
    if (!one) {
      say("is not in the export");
      continue;
    }
    if (bot.unlocked > 0) say(`${bot.unlocked} changes were not locked`);
    const isDone = finishing.includes(bot.fate);
    if ((one.step === "completed") !== isDone) say(`is at ${one.step}`);
    if (one.cell && exported.counts(one, Date.now())) {
      const { condition, order } = one.cell;
      const cell = `${exported.protocolOf(one).conditions[condition]!.name} ${order}`;
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    if (isDone) finished++;
    if (JSON.stringify(one.answers) !== JSON.stringify(bot.answers)) say("answered something else");
    if (isDone && bot.last!.ending!.redirect !== "https://panel.example/done")
      say("has no redirect");
    const known = one.tasks.map(({ lesson }) => lesson).sort();
    if (known.join() !== [...bot.sent.keys()].sort().join()) say("has other lessons");
    for (const [lesson, sent] of bot.sent) {
      const events = lines(`lessons/${lesson}.jsonl`).slice(1) as LessonEvent[];
      const done = events.filter(({ type }) => type !== "created" && type !== "trained");
      if (done.length !== sent.length) say(`${done.length} events for ${sent.length} requests`);
      for (const [i, event] of done.entries()) {
        const { seq: _, at: __, type, ...body } = event;
        const names: Record<string, string> = {
          demonstrate: "demonstrated",
          label: "labelled",
          intervene: "intervened",
        };
        if (names[sent[i]?.type ?? ""] !== type || !isSame(body, sent[i]!.body))
          say(`event ${event.seq} is not what it did`);
        if (type === "labelled") labels++;
        else episodes++;
      }
    }
  }
  return { bots: bots.length, finished, cells, episodes, labels, complaints };
}

/** Whether two texts as JSON say the same, in whatever order. */
function isSame(one: object, other: object): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .map(([name, part]) => [name, sorted(part)] as const)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : value;
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}
