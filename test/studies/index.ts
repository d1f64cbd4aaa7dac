import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServer, temporaryFolder } from "../server/server.ts";
import { compare, runBots } from "./pilot.ts";
import { pilotProtocol, usualTasks } from "./protocol.ts";

/** Runs a pilot as the arguments say. Returns whether the export is what the bots did. */
export async function run(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      participants: { type: "string", default: "200" },
      "at-once": { type: "string", default: "50" },
      seed: { type: "string", default: "1" },
      world: { type: "string", default: usualTasks.world },
      ways: { type: "string", default: usualTasks.ways.join() },
    },
  });
  const n = Number(values.participants);
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "pilot.json"),
    JSON.stringify(pilotProtocol(n, { world: values.world, ways: values.ways.split(",") })),
  );
  // All bots have one address, where real participants have each their own.
  const server = await startServer(temporaryFolder(), {
    STUDIES_DIR: folder,
    MAX_LESSONS_AN_HOUR: "100000",
    MAX_REQUESTS_A_MINUTE: "1000000",
    MAX_CONNECTIONS: "10000",
    MAX_MS_A_SECOND: "1000000",
  });
  try {
    const began = performance.now();
    const bots = await runBots(server, "pilot", n, Number(values["at-once"]), Number(values.seed));
    const seconds = (performance.now() - began) / 1000;
    const to = join(temporaryFolder(), "export");
    const { finished, cells, episodes, labels, complaints } = await compare(
      bots,
      "pilot",
      server.dataFolder,
      to,
    );
    const rows = [
      ["participants", n],
      ["finished", finished],
      ["drives that they steered, in the export", episodes],
      ["answers in stopped time, in the export", labels],
      ...Object.entries(cells)
        .sort()
        .map(([cell, count]) => [`in condition and order ${cell}`, count]),
      ["not as they did it", complaints.length],
      ["seconds", Math.round(seconds)],
    ];
    for (const [name, value] of rows) console.log(`${name}`.padEnd(45) + `${value}`.padStart(8));
    for (const complaint of complaints.slice(0, 20)) console.error(complaint);
    return complaints.length === 0;
  } finally {
    await server.stop();
  }
}
