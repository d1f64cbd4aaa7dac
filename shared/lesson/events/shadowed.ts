import * as z from "zod";
import { firstTouch, reactionLag } from "../../imitation/lag.ts";
import { contains, width } from "../../spaces.ts";
import { type Episode, replay } from "../../worlds/episode.ts";
import { worlds } from "../../worlds/index.ts";
import { refuseCorrection } from "../episodes.ts";
import { index, key, numbers } from "../fields.ts";
import { changeLastRound, type Lesson, type ShadowRecord } from "../lesson.ts";
import { shadowSpeeds } from "../protocol.ts";
import {
  type DriveRecording,
  driveRecording,
  refuseRecording,
  storedDriveRecording,
} from "../recording.ts";
import { type Refusal, refusal } from "../refusal.ts";
import type { Unkeyed, WorkKind } from "./event.ts";

/** The expert steered beside one of the learner's drives while it was played to them. */
export interface Shadowed extends ShadowRecord {
  readonly type: "shadowed";
  readonly round: number;
  /** How it was steered; older logs are without. */
  readonly recording?: DriveRecording | undefined;
}

const schema = z.strictObject({
  key,
  round: index,
  drive: index,
  actions: z.array(z.number()).min(1).max(4096),
  speed: z.literal(shadowSpeeds),
  recording: driveRecording.optional(),
});

type Request = Unkeyed<typeof schema>;

/** What was steered beside a drive, and how fast that was played. */
export interface Steered extends Pick<Request, "actions" | "speed"> {
  readonly episode: Episode;
}

/** By how many steps the hands were late, see {@link reactionLag}. It takes a person's notice. */
export function lagOf({ episode, actions, speed }: Steered): number {
  const world = worlds[episode.world]!;
  return reactionLag(world, replay(world, episode), actions, speed);
}

/** What the work finds is the lag, as {@link lagOf} has it. */
export const shadowed: WorkKind<Shadowed, "shadow", typeof schema, number> = {
  request: { name: "shadow", schema, corrects: true },

  stored: z.object({
    type: z.literal("shadowed"),
    round: index,
    drive: index,
    speed: z.number(),
    lag: z.number(),
    actions: numbers,
    recording: storedDriveRecording.optional(),
  }),

  refuse,

  decide: (lesson, request, lag) => {
    const { round, drive, speed, actions, recording } = request;
    const said = { round, drive, speed, lag, actions, ...(recording && { recording }) };
    return refuse(lesson, request) ?? { type: "shadowed", ...said };
  },

  apply: (lesson, { seq, drive, speed, lag, actions }, lists) =>
    changeLastRound(lesson, lists, ({ shadows }) => ({
      shadows: lists.append(shadows, { seq, drive, speed, lag, actions }),
    })),
};

function refuse(lesson: Lesson, { round, drive, actions, recording }: Request): Refusal | null {
  const world = worlds[lesson.world]!;
  const refused = refuseCorrection(lesson, round);
  if (refused) return refused;
  if (world.steering.pace === "waits")
    return refusal("bad-episode", `${lesson.world} waits for each move: nobody can be late there.`);
  const episode = lesson.rounds.at(-1)!.episodes[drive];
  if (!episode) return refusal("bad-episode", `Round ${round} has no drive ${drive}.`);
  const wide = width(world.action);
  const length = episode.controllers.length;
  if (actions.length !== length * wide)
    return refusal("bad-episode", `Drive ${drive} has ${length} steps, each of ${wide} numbers.`);
  const refusedRecording = refuseRecording(recording, length);
  if (refusedRecording) return refusedRecording;
  for (let t = 0; t < length; t++) {
    if (!contains(world.action, actions.slice(t * wide, (t + 1) * wide))) {
      return refusal("bad-action", `Step ${t} has an action that ${lesson.world} does not have.`);
    }
  }
  return firstTouch(world, actions) >= length
    ? refusal("no-labels", "You never moved the wheel, so there is nothing to learn from.")
    : null;
}
