import * as z from "zod";
import { Controller, type Episode } from "../../worlds/episode.ts";
import { worlds } from "../../worlds/index.ts";
import { demonstrationWorld } from "../../worlds/level.ts";
import { episode, mostDrives, refuseEpisode, storedEpisode } from "../episodes.ts";
import { key } from "../fields.ts";
import { refusal } from "../refusal.ts";
import type { InstantKind } from "./event.ts";

/** The expert showed how it is done. */
export interface Demonstrated {
  readonly type: "demonstrated";
  readonly episode: Episode;
}

const schema = z.strictObject({ key, episode });

export const demonstrated: InstantKind<Demonstrated, "demonstrate", typeof schema> = {
  request: { name: "demonstrate", schema },

  stored: z.object({ type: z.literal("demonstrated"), episode: storedEpisode }),

  decide(lesson, { episode }) {
    if (lesson.demonstrations.length >= mostDrives)
      return refusal("full", `${mostDrives} demonstrations are the most; delete some.`);
    const world = demonstrationWorld(worlds[lesson.world]!);
    const refused = refuseEpisode(lesson, episode, world);
    if (refused) return refused;
    if (episode.controllers.some((controller) => controller !== Controller.expert)) {
      return refusal("bad-episode", "A demonstration is the expert's alone.");
    }
    return { type: "demonstrated", episode };
  },

  apply: (lesson, { seq, episode }, lists) => ({
    ...lesson,
    demonstrations: lists.append(lesson.demonstrations, { seq, episode }),
  }),
};
