import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Client, type Room } from "colyseus.js";
import { quantile } from "../../shared/imitation/statistics.ts";
import { Gauge } from "../load/gauge.ts";
import { startServer, temporaryFolder } from "../server/server.ts";
import { bytesTo, type ClassResult, runClass } from "./class.ts";

/** Runs a class of bots as the arguments say, and then a bare room of the same size. Returns whether all is well. */
export async function run(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      pupils: { type: "string", default: "30" },
      kill: { type: "boolean", default: false },
      plan: { type: "string", default: "fair-weather" },
      seed: { type: "string", default: "1" },
    },
  });
  const pupils = Number(values.pupils);
  const gauge = new Gauge();
  // All bots have one address, as a class behind one router has.
  const server = await startServer(temporaryFolder(), {
    ...gauge.env,
    MAX_PUPILS: `${Math.max(2, pupils)}`,
    MAX_CONNECTIONS: "500",
  });
  try {
    const options = { pupils, kills: values.kill, seed: Number(values.seed) };
    const before = await gauge.read("collect", "reset");
    const processor = async () => (await gauge.read()).cpu;
    const result = await runClass(server, { plan: values.plan }, options, processor);
    const after = await gauge.read();
    // What was before the kill is another process's.
    const cpu = values.kill ? null : after.cpu - before.cpu;
    for (const [name, text] of [
      ...said(result),
      ["processor seconds of the server", cpu === null ? "not known after a kill" : cpu.toFixed(1)],
      ["memory of the server, MB", (after.rss / 1e6).toFixed(0)],
      ["delay of its event loop, p99, ms", after.loop.p99.toFixed(0)],
      ["bytes a second to the wall", (result.wallBytes / result.seconds).toFixed(0)],
      ...(await bareBeside(result)),
      ["not as they did it", `${result.complaints.length}`],
    ] as const)
      console.log(`${name.padEnd(58)}${text.padStart(10)}`);
    for (const complaint of result.complaints.slice(0, 20)) console.error(complaint);
    return result.complaints.length === 0;
  } finally {
    await server.stop();
  }
}

function said({
  pupils,
  joined,
  cloning,
  clones,
  trainings,
  others,
  acknowledged,
  seconds,
}: ClassResult) {
  const ms = (times: readonly number[], share: number) => quantile(times, share).toFixed(0);
  return [
    ["pupils", `${pupils}`],
    ["seconds", seconds.toFixed(0)],
    ["until all were in who came at once, ms", joined.toFixed(0)],
    ["changes that were acknowledged", `${acknowledged}`],
    ["acknowledgement of all but trainings, p50, ms", ms(others, 0.5)],
    ["acknowledgement of all but trainings, p99, ms", ms(others, 0.99)],
    ["clone trained, all asking at once, p50, ms", ms(clones, 0.5)],
    ["clone trained, all asking at once, longest, ms", ms(clones, 1)],
    ["processor seconds of the server for all clones", cloning.toFixed(1)],
    ["trained again, p50, ms", ms(trainings, 0.5)],
    ["trained again, p99, ms", ms(trainings, 0.99)],
  ] as const;
}

/** A bare room of the same size, with as many changes a second and as many who look on, for as long, at most 20 s. */
async function bareBeside({ pupils, acknowledged, seconds }: ClassResult) {
  const gauge = new Gauge();
  const child = spawn(process.execPath, [resolve("dist/class/bare.js")], {
    env: {
      ...process.env,
      ...gauge.env,
      PUPILS: `${pupils}`,
      CHANGES: `${acknowledged / seconds}`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let address = "";
    for await (const line of createInterface(child.stdout!)) {
      address = line.match(/^ready: (\S+)/)?.[1] ?? "";
      if (address) break;
    }
    const rooms: Room[] = [];
    for (let i = 0; i <= pupils; i++) {
      const room = await new Client(address).joinOrCreate("bare", {});
      room.reconnection.enabled = false;
      rooms.push(room);
    }
    const before = await gauge.read("collect", "reset");
    const [bytes, began] = [bytesTo(rooms[0]!), performance.now()];
    await pause(1000 * Math.min(20, seconds));
    const after = await gauge.read();
    const took = (performance.now() - began) / 1000;
    const cpu = ((after.cpu - before.cpu) / took) * seconds;
    return [
      ["beside: processor seconds of a bare state room", cpu.toFixed(1)],
      ["beside: its memory, MB", (after.rss / 1e6).toFixed(0)],
      ["beside: its bytes a second", ((bytesTo(rooms[0]!) - bytes) / took).toFixed(0)],
    ] as const;
  } finally {
    child.kill("SIGKILL");
  }
}
