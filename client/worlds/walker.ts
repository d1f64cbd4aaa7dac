import type { Body } from "./presentation.ts";

/** Somebody on foot: a head with two eyes, which looks at you whichever way it goes. */
export const walker: Body = {
  turns: false,
  parts: [
    { kind: "disc", x: 0, y: 0, radius: 0.56, fill: "paper" },
    { kind: "disc", x: 0, y: 0, radius: 0.48, fill: "own" },
    { kind: "disc", x: -0.16, y: 0.08, radius: 0.07, fill: "glass" },
    { kind: "disc", x: 0.16, y: 0.08, radius: 0.07, fill: "glass" },
  ],
};
