import { Controller } from "../../worlds/episode.ts";
import type { Weighing } from "./weighing.ts";

/** Only what the expert did is learned (HG-DAgger: Kelly et al. 2019). */
export const expertOnly: Weighing = {
  name: "expertOnly",
  title: "the expert's steps alone",
  weigh: (_, drives) =>
    drives.map(({ controllers }) =>
      Float64Array.from(controllers, (who) => (who === Controller.expert ? 1 : 0)),
    ),
};
