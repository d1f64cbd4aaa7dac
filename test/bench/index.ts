import { irl } from "./irl.ts";
import { labels } from "./labels.ts";
import { lessons } from "./lessons.ts";
import { networks } from "./networks.ts";
import { reading } from "./reading.ts";
import { report as reportOn } from "./report.ts";
import { rollouts } from "./rollouts.ts";
import { storage } from "./storage.ts";

const benches = [labels, networks, rollouts, lessons, reading, irl, storage];

/** The report of all benches. */
export const report = (json: boolean) => reportOn(benches, json, () => performance.now());
