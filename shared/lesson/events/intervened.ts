import * as z from "zod";
import { Controller, type Episode } from "../../worlds/episode.ts";
import { worlds } from "../../worlds/index.ts";
import { type Asking, asking, refuseAsking } from "../asking.ts";
import { episode, refuseCorrection, refuseEpisode, storedEpisode } from "../episodes.ts";
import { index, key } from "../fields.ts";
import { changeLastRound } from "../lesson.ts";
import {
  type DriveRecording,
  driveRecording,
  refuseRecording,
  storedDriveRecording,
} from "../recording.ts";
import { refusal } from "../refusal.ts";
import type { InstantKind } from "./event.ts";

/** The expert took over from the learner while it drove, and gave back. */
export interface Intervened {
  readonly type: "intervened";
  readonly round: number;
  readonly episode: Episode;
  /** How it was driven; older logs are without. */
  readonly recording?: DriveRecording | undefined;
  /** Where the learner asked for it; left out where the person took over when they saw fit, as in all older logs. */
  readonly asking?: Asking | undefined;
}

const schema = z.strictObject({
  key,
  round: index,
  episode,
  recording: driveRecording.optional(),
  asking: asking.optional(),
});

export const intervened: InstantKind<Intervened, "intervene", typeof schema> = {
  request: { name: "intervene", schema, corrects: true },

  stored: z.object({
    type: z.literal("intervened"),
    round: index,
    episode: storedEpisode,
    recording: storedDriveRecording.optional(),
    asking: asking.optional(),
  }),

  /**
   * HG-DAgger (Kelly et al. 2019), or ThriftyDAgger (Hoque et al. 2021) where the learner asks: of a drive under two, what
   * the expert did is what is learned.
   */
  decide(lesson, { round, episode, recording, asking }) {
    const refused =
      refuseCorrection(lesson, round) ??
      refuseEpisode(lesson, episode) ??
      refuseRecording(recording, episode.controllers.length) ??
      refuseAsking(asking, episode, worlds[lesson.world]!);
    if (refused) return refused;
    return episode.controllers.includes(Controller.expert)
      ? {
          type: "intervened",
          round,
          episode,
          ...(recording && { recording }),
          ...(asking && { asking }),
        }
      : refusal("no-labels", "You never took over, so there is nothing to learn from.");
  },

  apply: (lesson, { seq, episode, asking }, lists) =>
    changeLastRound(lesson, lists, ({ interventions }) => ({
      interventions: lists.append(interventions, {
        seq,
        episode,
        ...(asking && { asking }),
      }),
    })),
};
