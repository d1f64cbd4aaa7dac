import * as z from "zod";
import type { ForeignNetwork } from "../policies/foreignNetwork.ts";
import { worlds } from "../worlds/index.ts";
import { readLessonFile } from "./file.ts";
import type { LessonEvent } from "./fold.ts";
import { accept, BadNetwork, fitting, network } from "./network.ts";
import { longestFile } from "./sizes.ts";

/** UTF-16 code units in the file of a network. */
const longestNetwork = 1_000_000;

/** What a file calls the format, and its version. */
const format = "dagger-dojo network";
const version = 1;

const file = network.extend({
  format: z.literal(format),
  version: z.literal(version),
  world: z.enum(Object.keys(worlds)),
});

/** A lesson that begins with the network in a file. @param at milliseconds since 1970 @throws BadNetwork */
export function lessonOfNetwork(text: string, at: number): LessonEvent[] {
  const { world, network } = readNetworkFile(text);
  return [
    { seq: 1, at, type: "created", world, taste: null },
    { seq: 2, at, type: "brought", basis: 0, network },
  ];
}

/**
 * The events in a file that somebody opens: those of a lesson, or a lesson that begins with a network.
 * @param at when it is opened, milliseconds since 1970
 * @param longest of a lesson's file: see {@link readLessonFile}
 * @throws BadFile
 * @throws BadNetwork
 */
export function eventsOfFile(text: string, at: number, longest = longestFile): LessonEvent[] {
  return isNetworkFile(text) ? lessonOfNetwork(text, at) : readLessonFile(text, longest);
}

/** Whether a text means to be the file of a network: it is JSON that says so. */
function isNetworkFile(text: string): boolean {
  return text.length <= longestNetwork && (parsed(text) as { format?: unknown })?.format === format;
}

/** The network in a file, and the world that it is for. @throws BadNetwork */
function readNetworkFile(text: string): { world: string; network: ForeignNetwork } {
  if (text.length > longestNetwork)
    throw new BadNetwork([`It is longer than ${longestNetwork} characters.`]);
  const value = parsed(text);
  if (value === undefined) throw new BadNetwork(["It is not JSON."]);
  const { world, format: _, version: __, ...network } = accept(file, value);
  return { world, network: fitting(network, worlds[world]!) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
