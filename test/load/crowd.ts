import { RunningServer, type ServerAddress, temporaryFolder } from "../server/server.ts";
import type { PlayResult } from "./bots.ts";
import { Gauge, type ProcessUsage } from "./gauge.ts";
import { unlimited } from "./limits.ts";
import type { Reconciliation } from "./player.ts";
import { BareServer, Bots, deal } from "./processes.ts";
import { hottest } from "./profile.ts";
import { sum, type Tally, type Times, times } from "./tally.ts";
import { megabytes, ms, table } from "./text.ts";

/** Many lessons at once. */
export interface CrowdOptions {
  readonly lessons: number;
  readonly seconds: number;
  /** Processes of bots. */
  readonly bots: number;
  /** Whether to profile the server's main thread. */
  readonly profile: boolean;
}

interface Phase {
  /** From the beginning to the last answer. */
  readonly seconds: number;
  readonly tally: Tally;
  readonly bots: { readonly cpu: number; readonly late: number };
  readonly before: ProcessUsage;
  readonly after: ProcessUsage;
}

/** Measures many lessons, and before and after them the same rhythm in bare Colyseus rooms, for a quarter of the time each. */
export async function crowd(asked: CrowdOptions) {
  const { lessons, seconds, profile } = asked;
  const botProcesses = Array.from({ length: asked.bots }, () => new Bots());
  try {
    const gauge = new Gauge();
    const server = new RunningServer(temporaryFolder(), { ...gauge.env, ...unlimited });
    await server.start();
    // Starts the worker threads, which are part of the empty server.
    await begin(botProcesses, server, 8);
    await leave(botProcesses);
    const empty = await gauge.read("collect");

    const bareBefore = await bare(botProcesses, lessons, Math.ceil(seconds / 4));
    reportPhase(`${lessons} lessons begin`);
    const begun = await begin(botProcesses, server, lessons);
    reportPhase(`they play for ${seconds} s`);
    const played = await play(botProcesses, gauge, seconds, profile);
    const full = await gauge.read("collect");
    reportPhase("what was acknowledged is looked for in the log");
    const reconciled: Reconciliation[] = [];
    for (const botProcess of botProcesses)
      reconciled.push(...(await botProcess.tell({ name: "reconcile" })));
    await leave(botProcesses);
    await server.stop();
    const bareAfter = await bare(botProcesses, lessons, Math.ceil(seconds / 4));

    const bareTally = sum([bareBefore.tally, bareAfter.tally]);
    const waited = played.tally.waited;
    const light = ["label", "undo", "episode"].flatMap((kind) => waited[kind] ?? []);
    const bareTimes = times(bareTally.waited.empty ?? []);
    const setUp = sum(begun.map(({ tally }) => tally));
    return {
      lessons,
      seconds,
      requestsPerSecond: Object.values(waited).flat().length / played.seconds,
      /** Time until the last answer, s: longer than asked for where the server could not keep up. */
      took: played.seconds,
      acknowledged: {
        all: times(light),
        ...Object.fromEntries(Object.entries(waited).map(([kind, all]) => [kind, times(all)])),
      } as Record<string, Times>,
      beforehand: Object.fromEntries(
        Object.entries(setUp.waited).map(([kind, all]) => [kind, times(all)]),
      ) as Record<string, Times>,
      bare: bareTimes,
      overBare: ratios(times(light), bareTimes),
      server: {
        loop: played.after.loop,
        cpu: played.after.cpu - played.before.cpu,
        bareCpuPerSecond: cpuPerSecond([bareBefore, bareAfter], Math.ceil(seconds / 4)),
        emptyRss: empty.rss,
        fullRss: full.rss,
        rssPerLesson: (full.rss - empty.rss) / lessons,
        heapPerLesson: (full.heapUsed - empty.heapUsed) / lessons,
        bareRssPerRoom: bareBefore.after.rss / lessons,
      },
      bots: played.bots,
      lost: total(reconciled, "lost"),
      twice: total(reconciled, "twice"),
      unheard: total(reconciled, "unheard"),
      reconciled: total(reconciled, "acknowledged"),
      unanswered: played.tally.unanswered + setUp.unanswered + bareTally.unanswered,
      refused: sum([played.tally, setUp]).refused,
      complaints: [...setUp.complaints, ...played.tally.complaints],
      hottest: played.after.profile ? hottest(played.after.profile) : [],
    };
  } finally {
    for (const botProcess of botProcesses) botProcess.end();
  }
}

export type CrowdResult = Awaited<ReturnType<typeof crowd>>;

/** The same rhythm in a bare server. */
async function bare(botProcesses: readonly Bots[], n: number, seconds: number): Promise<Phase> {
  reportPhase(`bare rooms, for ${seconds} s`);
  const gauge = new Gauge();
  const server = new BareServer();
  await server.start(gauge);
  await begin(botProcesses, server, n, true);
  const phase = await play(botProcesses, gauge, seconds);
  await leave(botProcesses);
  await server.stop();
  return phase;
}

async function play(
  botProcesses: readonly Bots[],
  gauge: Gauge,
  seconds: number,
  profile = false,
): Promise<Phase> {
  const before = await gauge.read("reset", ...(profile ? (["begin-profile"] as const) : []));
  const at = Date.now() + 1000;
  const played = await Promise.all(
    botProcesses.map((botProcess) => botProcess.tell({ name: "play", at, seconds })),
  );
  return {
    seconds: (Date.now() - at) / 1000,
    tally: sum(played.map(({ tally }) => tally)),
    bots: {
      cpu: played.reduce((all, { cpu }) => all + cpu, 0),
      late: Math.max(...played.map(({ late }) => late)),
    },
    before,
    after: await gauge.read(...(profile ? (["end-profile"] as const) : [])),
  };
}

/** Begins lessons 0 to n, distributed over all bots. */
function begin(
  botProcesses: readonly Bots[],
  { address }: ServerAddress,
  n: number,
  bare = false,
): Promise<PlayResult[]> {
  const dealt = deal(n, botProcesses.length);
  return Promise.all(
    botProcesses.map((botProcess, i) =>
      botProcess.tell({ name: "begin", address, bare, indices: dealt[i]!, n }),
    ),
  );
}

async function leave(botProcesses: readonly Bots[]): Promise<void> {
  for (const botProcess of botProcesses) await botProcess.tell({ name: "leave" });
}

function ratios(mine: Times, other: Times) {
  return { p50: mine.p50 / other.p50, p95: mine.p95 / other.p95, p99: mine.p99 / other.p99 };
}

function cpuPerSecond(phases: readonly Phase[], seconds: number): number {
  return (
    phases.reduce((all, { before, after }) => all + after.cpu - before.cpu, 0) /
    phases.length /
    seconds
  );
}

function total(all: readonly Reconciliation[], what: keyof Reconciliation): number {
  return all.reduce((n, one) => n + one[what], 0);
}

/** Prints the current phase on a terminal. */
function reportPhase(sentence: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${sentence} …\n`);
}

export function sayCrowd(result: CrowdResult): string {
  const row = (name: string, { n, p50, p95, p99, max }: Times) => [
    name,
    `${n}`,
    ms(p50),
    ms(p95),
    ms(p99),
    ms(max),
  ];
  const { server, bots, overBare, seconds, took, lessons } = result;
  const refused = Object.entries(result.refused).map(([code, n]) => `${n} ${code}`);
  // A timer may fire a fraction of a millisecond early; a ratio to that makes no sense.
  const ratio = (value: number) =>
    value > 0 && Number.isFinite(value) ? `${value.toFixed(1)}×` : "–";
  const lines: string[] = [
    `${lessons} lessons for ${seconds} s, answered after ${took.toFixed(0)} s: ${result.requestsPerSecond.toFixed(0)} acknowledged requests a second`,
    "",
    table([
      ["from due to acknowledged", "n", "p50", "p95", "p99", "max"],
      row("label, undo, episode", result.acknowledged.all!),
      ...Object.entries(result.acknowledged)
        .filter(([kind]) => kind !== "all")
        .map(([kind, all]) => row(`  ${kind}`, all)),
      row("bare room, empty request", result.bare),
      ["times the bare room's", "", ...[overBare.p50, overBare.p95, overBare.p99].map(ratio), ""],
      ...Object.entries(result.beforehand).map(([kind, all]) => row(`beforehand: ${kind}`, all)),
    ]),
    table([
      ["the server", ""],
      ["event loop late, p99", ms(server.loop.p99)],
      ["event loop late, max", ms(server.loop.max)],
      ["memory, empty", megabytes(server.emptyRss)],
      [`memory, ${lessons} lessons`, megabytes(server.fullRss)],
      ["memory a lesson", megabytes(server.rssPerLesson)],
      ["heap a lesson", megabytes(server.heapPerLesson)],
      ["processor", `${server.cpu.toFixed(1)} s`],
      ["processor, bare, as long", `${(server.bareCpuPerSecond * seconds).toFixed(1)} s`],
      ["the bots", ""],
      ["processor since started", `${bots.cpu.toFixed(1)} s`],
      ["their own timers late, p99", ms(bots.late)],
    ]),
    `acknowledged and looked for in the log: ${result.reconciled}; lost ${result.lost}, twice ${result.twice}, not told to the room ${result.unheard}`,
    `unanswered ${result.unanswered}, refused ${refused.join(", ") || "none"}`,
    ...result.complaints.slice(0, 5),
  ];
  if (result.hottest.length > 0) {
    lines.push("", "where the server's main thread spends its time");
    for (const [share, name] of result.hottest)
      lines.push(`${(100 * share).toFixed(1).padStart(5)} %  ${name}`);
  }
  return `${lines.join("\n")}\n`;
}
