import type { Picture, Pose } from "../../shared/worlds/picture.ts";
import type { Line } from "../drawing/primitives.ts";
import { car } from "./car.ts";
import type { Presentation } from "./presentation.ts";
import { roadGround } from "./road-ground.ts";
import { roadPlants } from "./road-plants.ts";
import "./road.css";

/** Radians a step from which tyres leave a mark; the tightest bend of any road takes 0.15. */
const hardTurn = 0.16;

export const road: Presentation = {
  words: {
    seen: "seen from above",
    steer: "turn",
    places: "road",
    plain: "keeping to the middle",
    error: "how far off the middle, summed over the steps; 1 is the edge or a crash",
    wish: {
      question: "Where do you like to drive: in the middle of the road, or on the inside of bends?",
      feature: "inside of bends",
      liked: "The inside of bends",
      otherwise: "The middle",
    },
  },
  ground: roadGround,
  body: car,
  tracks: tyreMarks,
  plants: roadPlants,
  engine: 3,
  smoke: { from: 3.4, tone: "smoke" },
  dust: "dirt",
  beam: "beam",
  hasCloseUp: true,
  visitSize: 0.5,
};

/** Where the wheel was turned hard, a dark line under the wheels of each side. */
function tyreMarks(poses: readonly Pose[], { agent }: Picture): Line[] {
  const marks: Line[] = [];
  const isHard = (i: number) =>
    i > 0 &&
    i < poses.length &&
    Math.abs(Math.sin(poses[i]!.heading! - poses[i - 1]!.heading!)) > hardTurn;
  for (const side of [-0.27 * agent, 0.27 * agent]) {
    for (let from = 1; from < poses.length; from++) {
      if (!isHard(from)) continue;
      let to = from;
      while (isHard(to + 1)) to++;
      const points = poses
        .slice(from - 1, to + 1)
        .map(
          ({ x, y, heading }) =>
            [x - side * Math.sin(heading!), y + side * Math.cos(heading!)] as const,
        );
      marks.push({ kind: "line", points, stroke: "tyre", width: 0.13 * agent, opacity: 0.35 });
      from = to;
    }
  }
  return marks;
}
