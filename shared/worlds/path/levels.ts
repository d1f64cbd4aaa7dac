import { sin } from "../../arithmetic.ts";
import type { Level } from "../level.ts";
import { stepIn } from "./dynamics.ts";
import { pathAlong } from "./path.ts";

/** The article's path: errors here are mild. */
export const path: Level = pathAlong({
  name: "path",
  title: "Wave",
  teaches: "Nobody can crash here. Small mistakes stay small.",
  line: (x) => sin(2 * x),
  another: () => crags,
});

/** So steep that nobody keeps to it: what one does there is not what one is after. */
export const crags: Level = pathAlong({
  name: "crags",
  title: "Crags",
  task: "Follow the curve as well as you can. It is too steep for you to stay on it.",
  teaches:
    "You cannot stay on the curve, so your clone cannot either. The reward map shows what you wanted.",
  line: (x) => 0.9 * sin(3 * x) + 0.6 * sin(1.1 * x),
  another: () => path,
});

/** A long swell that anyone could follow, were it not for the gusts. */
export const gale: Level = pathAlong({
  name: "gale",
  title: "Gale",
  task: "Follow the curve, up and down. Gusts of wind will push you off it.",
  teaches: "The wind pushes you off, too. So you show the way back.",
  line: (x) => 1.2 * sin(x),
  gusts: { chance: 0.12, push: 0.8 },
  another: () => crags,
});

/**
 * The path in other weather.
 * @param noise standard deviation of a step on each axis, units; 0 is no wind
 */
export function pathWith({ noise }: { noise: number }): Level {
  return { ...path, step: stepIn(noise) };
}
