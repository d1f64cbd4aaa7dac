import * as z from "zod";
import { episode as episodeSchema } from "../lesson/episodes.ts";
import { lists } from "../lesson/fields.ts";
import { bodyOf } from "../lesson/file.ts";
import { apply, type LessonEvent } from "../lesson/fold.ts";
import { emptyLesson } from "../lesson/lesson.ts";
import { isRefusal } from "../lesson/refusal.ts";
import { decide } from "../lesson/requests.ts";
import { longestFile } from "../lesson/sizes.ts";
import { Controller, type Episode, replay } from "../worlds/episode.ts";
import { worlds } from "../worlds/index.ts";

/** What cannot be taken in: sentences, each with the line that it is about. */
export class BadEpisodes extends Error {
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(complaints.join("\n"));
    this.complaints = complaints;
  }
}

/** Complaints after which no line is looked at any more. */
const mostComplaints = 10;
/** Any key will do: nothing of it is stored. */
const key = "imported";

const line = z.object({
  world: z.string(),
  seed: z.int(),
  /** Flat, [T][width]. */
  actions: z.array(z.number()).min(1),
  /** [T + 1] states as whoever made the file had them, or the first of these. */
  states: lists.optional(),
});

/** What a file has in one place, which is named in what is said of it. */
export interface Found {
  /** As in "Line 3". */
  readonly place: string;
  /** A value as JSON has it; undefined where there is none. */
  readonly value: unknown;
}

/** What is on the lines of a file of JSON Lines. */
export function* linesOf(text: string): Generator<Found> {
  for (const [i, json] of text.split("\n").entries())
    if (json.trim() !== "") yield { place: `Line ${i + 1}`, value: parsed(json) };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * A lesson of demonstrations from elsewhere: a world, a seed and actions in each place and, to be compared with the
 * replay, states.
 * @param world of the lesson; that of the first place where it is left out
 * @param at when it was taken in, milliseconds since 1970
 * @param longest UTF-16 code units in the lesson's events as they are stored
 * @throws BadEpisodes
 */
export function lessonOfEpisodes(
  found: Iterable<Found>,
  world: string | undefined,
  at: number,
  longest = longestFile,
): LessonEvent[] {
  const complaints: string[] = [];
  const events: LessonEvent[] = [];
  let lesson = emptyLesson;
  let length = 0;
  const add = (event: LessonEvent) => {
    events.push(event);
    lesson = apply(lesson, event);
  };
  const begin = (world: string) => add({ seq: 1, at, type: "created", world, taste: null });
  if (world !== undefined) {
    if (!Object.hasOwn(worlds, world)) throw new BadEpisodes([noWorld(world)]);
    begin(world);
  }
  for (const { place, value } of found) {
    if (complaints.length === mostComplaints) break;
    const driven = episodeIn(value);
    if (typeof driven === "string") {
      complaints.push(`${place}: ${driven}`);
      continue;
    }
    const { episode, states } = driven;
    if (events.length === 0) begin(episode.world);
    const event = decide("demonstrate", lesson, { key, episode });
    const complaint = isRefusal(event) ? event.reason : otherState(episode, states);
    if (complaint !== null) {
      complaints.push(`${place}: ${complaint}`);
      continue;
    }
    const told = { seq: lesson.seq + 1, at, ...event } as LessonEvent;
    // Numbers are written out, which can take five times their length.
    length += bodyOf(told).length;
    if (length > longest) {
      complaints.push(`${place}: With this, it is longer than a lesson can be.`);
      break;
    }
    add(told);
  }
  if (complaints.length === 0 && lesson.demonstrations.length === 0)
    complaints.push("There is no episode in this file.");
  if (complaints.length > 0) throw new BadEpisodes(complaints);
  return events;
}

type States = readonly (readonly number[])[];

/** An episode and what its states are said to be, or why there is none in a value. */
function episodeIn(
  value: unknown,
): { readonly episode: Episode; readonly states: States } | string {
  if (value === undefined) return "It is not JSON.";
  const read = line.safeParse(value);
  if (!read.success) {
    const [{ path, message }] = read.error.issues as [z.core.$ZodIssue];
    return `${path.length > 0 ? `"${path.join(".")}": ` : ""}${message}.`;
  }
  const { states = [], ...driven } = read.data;
  const world = Object.hasOwn(worlds, driven.world) ? worlds[driven.world]! : null;
  if (!world) return noWorld(driven.world);
  const wide = world.action.kind === "continuous" ? world.action.low.length : 1;
  const length = driven.actions.length / wide;
  if (!Number.isInteger(length)) return `An action of ${world.name} has ${wide} numbers.`;
  const controllers = new Array<number>(length).fill(Controller.expert);
  // As it will be read again: what is stored as JSON has no zero below zero.
  const episode = episodeSchema.safeParse(JSON.parse(JSON.stringify({ ...driven, controllers })));
  if (!episode.success) return "It is longer than an episode can be, or its seed is none.";
  return { episode: episode.data, states };
}

/** Where the states of a file are others than those of the replay; null where they are the same. */
function otherState(episode: Episode, states: States): string | null {
  const world = worlds[episode.world]!;
  const { stateSize } = world;
  const { states: replayed } = replay(world, episode);
  if (states.length > replayed.length / stateSize)
    return `It has ${states.length} states, and the replay has ${replayed.length / stateSize}.`;
  const t = states.findIndex(
    (state, t) =>
      state.length !== stateSize || state.some((value, k) => value !== replayed[t * stateSize + k]),
  );
  if (t < 0) return null;
  const ours = [...replayed.subarray(t * stateSize, (t + 1) * stateSize)];
  return `State ${t} is [${states[t]!.join(", ")}], and [${ours.join(", ")}] in the replay.`;
}

function noWorld(name: string): string {
  return `There is no world "${name}": there are ${Object.keys(worlds).join(", ")}.`;
}
