import { setTimeout as pause } from "node:timers/promises";
import { RunningServer, temporaryFolder } from "../server/server.ts";
import { Gauge, type ProcessUsage } from "./gauge.ts";
import { unlimited } from "./limits.ts";
import type { Reconciliation } from "./player.ts";
import { Bots } from "./processes.ts";
import { megabytes, table } from "./text.ts";

export interface SoakOptions {
  readonly lessons: number;
  readonly seconds: number;
  readonly bots: number;
}

/** How fast something grows, per hour, with its standard error. */
interface Slope {
  readonly perHour: number;
  readonly error: number;
}

/** Time between two memory readings, s. */
const step = 10;
/** Share of the time that is not counted, as the server warms up. */
const warmUp = 0.3;

/** Measures the growth of the server's memory while lessons come and go for a long time. */
export async function soak({ lessons, seconds, bots }: SoakOptions) {
  const botProcesses = Array.from({ length: bots }, () => new Bots());
  const gauge = new Gauge();
  const server = new RunningServer(temporaryFolder(), { ...gauge.env, ...unlimited });
  try {
    await server.start();
    const empty = await gauge.read("collect");
    const { address } = server;
    const order = {
      name: "come and go",
      address,
      lessons: Math.ceil(lessons / bots),
      seconds,
    } as const;
    let over = false;
    const playing = Promise.all(botProcesses.map((botProcess) => botProcess.tell(order)));
    const stop = () => {
      over = true;
    };
    playing.then(stop, stop);
    const readings: (ProcessUsage & { readonly time: number })[] = [];
    const began = performance.now();
    while (!over && performance.now() - began < 1000 * seconds) {
      await pause(1000 * step);
      const reading = await gauge.read("collect");
      readings.push({ ...reading, time: (performance.now() - began) / 1000 });
    }
    const reconciled: Reconciliation[] = (await playing).flat();
    await pause(5000);
    const after = await gauge.read("collect");
    await server.stop();
    const settled = readings.filter(({ time }) => time >= warmUp * seconds);
    return {
      seconds,
      lessonsPlayed: reconciled.length,
      acknowledged: reconciled.reduce((n, one) => n + one.acknowledged, 0),
      lost: reconciled.reduce((n, one) => n + one.lost, 0),
      twice: reconciled.reduce((n, one) => n + one.twice, 0),
      empty: { rss: empty.rss, heapUsed: empty.heapUsed },
      after: { rss: after.rss, heapUsed: after.heapUsed },
      rss: slope(settled.map(({ time, rss }) => [time, rss])),
      heapUsed: slope(settled.map(({ time, heapUsed }) => [time, heapUsed])),
      external: slope(settled.map(({ time, external }) => [time, external])),
      readings: readings.map(({ time, rss, heapUsed, external }) => ({
        time: Math.round(time),
        rss,
        heapUsed,
        external,
      })),
    };
  } finally {
    for (const botProcess of botProcesses) botProcess.end();
    await server.kill();
  }
}

export type SoakResult = Awaited<ReturnType<typeof soak>>;

/** Least squares through [seconds, bytes]. */
export function slope(points: readonly (readonly [number, number])[]): Slope {
  const n = points.length;
  const mean = (k: 0 | 1) => points.reduce((all, point) => all + point[k], 0) / n;
  const [x, y] = [mean(0), mean(1)];
  const xx = points.reduce((all, point) => all + (point[0] - x) ** 2, 0);
  const b = points.reduce((all, point) => all + (point[0] - x) * (point[1] - y), 0) / xx;
  const rest = points.reduce((all, point) => all + (point[1] - y - b * (point[0] - x)) ** 2, 0);
  return { perHour: 3600 * b, error: 3600 * Math.sqrt(rest / (n - 2) / xx) };
}

export function saySoak(result: SoakResult): string {
  const grows = ({ perHour, error }: Slope) =>
    `${(perHour / 1e6).toFixed(1)} ± ${(error / 1e6).toFixed(1)} MB/h`;
  const every = Math.max(1, Math.floor(result.readings.length / 12));
  return [
    `${result.lessonsPlayed} lessons came and went in ${result.seconds} s: ${result.acknowledged} requests acknowledged, lost ${result.lost}, twice ${result.twice}`,
    "",
    table([
      ["after collecting garbage", "memory", "heap", "buffers"],
      ...result.readings
        .filter((_, i) => i % every === 0)
        .map(({ time, rss, heapUsed, external }) => [
          `after ${time} s`,
          megabytes(rss),
          megabytes(heapUsed),
          megabytes(external),
        ]),
      ["all gone", megabytes(result.after.rss), megabytes(result.after.heapUsed), ""],
      ["before", megabytes(result.empty.rss), megabytes(result.empty.heapUsed), ""],
      ["grows", grows(result.rss), grows(result.heapUsed), grows(result.external)],
    ]),
  ].join("\n");
}
