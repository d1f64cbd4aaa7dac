import { demonstrate } from "../../shared/imitation/rollout.ts";
import { eventOf, jsonOf, type Row } from "../../shared/lesson/log.ts";
import { worlds } from "../../shared/worlds/index.ts";
import { type Bench, interleave, ratio } from "./harness.ts";

const nDrives = 1000;
const repeats = 9;
const firstSeed = 2000;

/** The cost of validating stored events and bringing them up to date. */
export const reading: Bench = {
  name: `Reading a log of ${nDrives} drives (road)`,
  run(clock) {
    const rows = Array.from({ length: nDrives }, (_, i): Row => {
      const episode = demonstrate(worlds.road!, firstSeed + i);
      return { key: `drive-${i}`, at: 0, body: JSON.stringify({ type: "demonstrated", episode }) };
    });
    const times = interleave(
      {
        read: { run: () => rows.forEach((row, i) => void eventOf(row, i + 1)) },
        parse: { run: () => rows.forEach((row, i) => void JSON.parse(jsonOf(row, i + 1))) },
      },
      repeats,
      clock,
    );
    return [ratio("events / JSON alone", times.read, times.parse, { atMost: 2 })];
  },
};
