import * as z from "zod";
import { Controller, type Episode } from "../../worlds/episode.ts";
import { worlds } from "../../worlds/index.ts";
import { demonstrationWorld } from "../../worlds/level.ts";
import { episode, mostDrives, refuseEpisode, storedEpisode } from "../episodes.ts";
import { key } from "../fields.ts";
import {
  type DriveRecording,
  driveRecording,
  refuseRecording,
  storedDriveRecording,
} from "../recording.ts";
import { refusal } from "../refusal.ts";
import type { InstantKind } from "./event.ts";

/** The expert showed how it is done. */
export interface Demonstrated {
  readonly type: "demonstrated";
  readonly episode: Episode;
  /** How it was driven; older logs are without. */
  readonly recording?: DriveRecording | undefined;
}

const schema = z.strictObject({ key, episode, recording: driveRecording.optional() });

export const demonstrated: InstantKind<Demonstrated, "demonstrate", typeof schema> = {
  request: { name: "demonstrate", schema },

  stored: z.object({
    type: z.literal("demonstrated"),
    episode: storedEpisode,
    recording: storedDriveRecording.optional(),
  }),

  decide(lesson, { episode, recording }) {
    if (lesson.demonstrations.length >= mostDrives)
      return refusal("full", `A lesson has at most ${mostDrives} demonstrations; delete some.`);
    const world = demonstrationWorld(worlds[lesson.world]!);
    const refused =
      refuseEpisode(lesson, episode, world) ??
      refuseRecording(recording, episode.controllers.length);
    if (refused) return refused;
    if (episode.controllers.some((controller) => controller !== Controller.expert)) {
      return refusal("bad-episode", "A demonstration is the expert's alone.");
    }
    return { type: "demonstrated", episode, ...(recording && { recording }) };
  },

  apply: (lesson, { seq, episode }, lists) => ({
    ...lesson,
    demonstrations: lists.append(lesson.demonstrations, { seq, episode }),
  }),
};
