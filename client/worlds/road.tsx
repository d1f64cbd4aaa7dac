import type Phaser from "phaser";
import type { Picture, Pose } from "../../shared/worlds/picture.ts";
import { type Colours, toNumber } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import { Car, drawCar } from "./car.tsx";
import type { Presentation } from "./presentation.ts";
import { paintRibbons, Ribbons } from "./ribbon.tsx";

/** Radians a step from which tyres leave a mark; the tightest bend of any road takes 0.15. */
const hardTurn = 0.16;

export const road: Presentation = {
  words: {
    seen: "seen from above",
    steer: "turn",
    range: "of the wheel",
    places: "road",
    plain: "keeping to the middle",
    error: "how far off the middle, summed over the steps; 1 is the edge or a fall",
  },
  paintGround: paintRibbons,
  drawBody: drawCar,
  drawTracks: drawTyreMarks,
  Ground: Ribbons,
  Body: Car,
  hasCloseUp: true,
  visitSize: 0.5,
};

/** Where the wheel was turned hard, a dark line under the wheels of each side. */
function drawTyreMarks(
  g: Phaser.GameObjects.Graphics,
  points: readonly Pose[],
  { agent }: Picture,
  frame: Frame,
  colours: Colours,
): void {
  const hard = points.map(
    ({ heading }, i) => i > 0 && Math.abs(Math.sin(heading! - points[i - 1]!.heading!)) > hardTurn,
  );
  // The darker of the two, whatever the theme.
  const black = Math.min(toNumber(colours.ink), toNumber(colours.paper));
  g.lineStyle(0.13 * agent * frame.scale, black, 0.35);
  for (const side of [-0.27 * agent, 0.27 * agent]) {
    const lineTo = ({ x, y, heading }: Pose) =>
      g.lineTo(frame.x(x - side * Math.sin(heading!)), frame.y(y + side * Math.cos(heading!)));
    points.forEach((pose, i) => {
      if (!hard[i]) return;
      if (!hard[i - 1]) {
        g.beginPath();
        lineTo(points[i - 1]!);
      }
      lineTo(pose);
      if (!hard[i + 1]) g.strokePath();
    });
  }
}
