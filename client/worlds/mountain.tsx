import type Phaser from "phaser";
import { flag } from "../../shared/worlds/mountain/dynamics.ts";
import { plane, stretch } from "../../shared/worlds/mountain/landscape.ts";
import type { Picture } from "../../shared/worlds/picture.ts";
import { type Colours, toNumber } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import "./mountain.css";
import { svgLine } from "../drawing/svg.ts";
import type { Body, Presentation } from "./presentation.ts";

/** Height of the flag's pole, and its cloth beneath the top, units. */
const pole = 0.9;
const cloth = { width: 0.5, height: 0.34 };
/** How far the earth goes on around the plane, units. */
const margin = 0.12;

export const mountain: Presentation = {
  words: {
    seen: "seen from the side, with the plane of position and velocity beneath",
    steer: "push",
    range: "of answers",
    places: "places",
    plain: "the valley",
    error: "steps driven and not at the flag yet",
  },
  paintGround,
  drawBody,
  Ground,
  Body: SideCar,
  hasCloseUp: false,
  visitSize: 0.5,
};

type Points = readonly (readonly [number, number])[];

function slopeOf({ shapes }: Picture): Points {
  return shapes.flatMap((shape) => (shape.kind === "ribbon" ? shape.points : []));
}

/** The earth under the slope, all around. */
function earthUnder(slope: Points): Points {
  const [first, last] = [slope[0]!, slope.at(-1)!];
  return [
    [first[0] - margin, first[1]],
    ...slope,
    [last[0] + margin, last[1]],
    [last[0] + margin, plane.bottom - margin],
    [first[0] - margin, plane.bottom - margin],
  ];
}

/** Where the flag stands. */
function footOf(slope: Points): readonly [number, number] {
  const x = stretch * flag;
  return slope.reduce((a, b) => (Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a));
}

function clothAt([x, y]: readonly [number, number]): Points {
  const top = y + pole;
  return [
    [x, top],
    [x - cloth.width, top - cloth.height / 2],
    [x, top - cloth.height],
  ];
}

function paintGround(
  c: CanvasRenderingContext2D,
  picture: Picture,
  frame: Frame,
  colours: Colours,
): void {
  const slope = slopeOf(picture);
  const trace = (points: Points) => {
    c.beginPath();
    for (const [x, y] of points) c.lineTo(frame.x(x), frame.y(y));
  };
  trace(earthUnder(slope));
  c.fillStyle = colours.of("earth");
  c.fill();
  trace(slope);
  c.lineJoin = c.lineCap = "round";
  c.lineWidth = 0.09 * frame.scale;
  c.strokeStyle = colours.of("turf");
  c.stroke();

  c.fillStyle = colours.of("plane");
  const { left, right, bottom, middle, top } = plane;
  c.fillRect(
    frame.x(left),
    frame.y(top),
    (right - left) * frame.scale,
    (top - bottom) * frame.scale,
  );
  c.strokeStyle = c.fillStyle = colours.of("axis");
  c.lineWidth = Math.max(1, 0.02 * frame.scale);
  trace([
    [left, middle],
    [right, middle],
  ]);
  c.stroke();
  c.setLineDash([0.08 * frame.scale, 0.08 * frame.scale]);
  trace([
    [stretch * flag, bottom],
    [stretch * flag, footOf(slope)[1]],
  ]);
  c.stroke();
  c.setLineDash([]);
  c.font = `${Math.max(9, 0.2 * frame.scale)}px system-ui, sans-serif`;
  const say = (words: string, x: number, y: number, baseline: CanvasTextBaseline) => {
    c.textBaseline = baseline;
    c.fillText(words, frame.x(x), frame.y(y));
  };
  c.textAlign = "left";
  say("to the right, faster ↑", left + 0.08, top - 0.08, "top");
  say("to the left, faster ↓", left + 0.08, bottom + 0.08, "bottom");

  const foot = footOf(slope);
  trace([foot, [foot[0], foot[1] + pole]]);
  c.strokeStyle = colours.ink;
  c.lineWidth = 0.05 * frame.scale;
  c.stroke();
  trace(clothAt(foot));
  c.fillStyle = colours.of("flag");
  c.fill();
}

/** Of the car from the side, as shares of its length: its body, its window, and the middles of its wheels. */
const bodyShape = [
  [-0.5, -0.12],
  [0.5, -0.12],
  [0.5, 0.1],
  [0.28, 0.14],
  [0.14, 0.34],
  [-0.24, 0.34],
  [-0.4, 0.14],
  [-0.5, 0.12],
] as const;
const windowShape = [
  [0.17, 0.14],
  [0.09, 0.27],
  [-0.18, 0.27],
  [-0.26, 0.14],
] as const;
const wheels = [-0.28, 0.28] as const;
const wheel = { height: -0.12, radius: 0.15 };

/** The car on the slope, and a dot where it is in the plane of states. */
function drawBody(
  g: Phaser.GameObjects.Graphics,
  { pose, size, colour, presence }: Body,
  frame: Frame,
  colours: Colours,
): void {
  const cos = Math.cos(pose.heading ?? 0);
  const sin = Math.sin(pose.heading ?? 0);
  const at = ([forward, up]: readonly [number, number]) => ({
    x: frame.x(pose.x + size * (forward * cos - up * sin)),
    y: frame.y(pose.y + size * (forward * sin + up * cos)),
  });
  const polygon = (colour: number, corners: Points) => {
    g.fillStyle(colour, presence).beginPath();
    for (const corner of corners) {
      const { x, y } = at(corner);
      g.lineTo(x, y);
    }
    g.closePath().fillPath();
  };
  polygon(colour, bodyShape);
  polygon(toNumber(colours.glass), windowShape);
  for (const forward of wheels) {
    const { x, y } = at([forward, wheel.height]);
    const radius = wheel.radius * size * frame.scale;
    g.fillStyle(toNumber(colours.ink), presence).fillCircle(x, y, radius);
    g.fillStyle(toNumber(colours.paper), presence).fillCircle(x, y, 0.4 * radius);
  }
  if (!pose.onMap) return;
  const [x, y] = [frame.x(pose.onMap.x), frame.y(pose.onMap.y)];
  const dot = Math.max(4, 0.1 * frame.scale);
  g.fillStyle(toNumber(colours.paper), presence).fillCircle(x, y, 1.35 * dot);
  g.fillStyle(colour, presence).fillCircle(x, y, dot);
}

function Ground({ picture }: { picture: Picture }) {
  const slope = slopeOf(picture);
  const foot = footOf(slope);
  const { left, right, bottom, middle, top } = plane;
  return (
    <>
      <path d={`${svgLine(earthUnder(slope))}Z`} fill="var(--earth)" />
      <path
        d={svgLine(slope)}
        fill="none"
        stroke="var(--turf)"
        stroke-width={0.12}
        stroke-linejoin="round"
        stroke-linecap="round"
      />
      <rect x={left} y={-top} width={right - left} height={top - bottom} fill="var(--plane)" />
      <path d={`M${left} ${-middle}H${right}`} stroke="var(--axis)" stroke-width={0.03} />
      <path d={`M${foot[0]} ${-foot[1]}v${-pole}`} stroke="var(--ink)" stroke-width={0.07} />
      <path d={`${svgLine(clothAt(foot))}Z`} fill="var(--flag)" />
    </>
  );
}

function SideCar({ size }: { size: number }) {
  const scaled = (points: Points): Points =>
    points.map(([x, y]) => [1.3 * size * x, 1.3 * size * y]);
  return (
    <>
      <path d={`${svgLine(scaled(bodyShape))}Z`} />
      {wheels.map((x) => (
        <circle
          key={x}
          cx={1.3 * size * x}
          cy={-1.3 * size * wheel.height}
          r={1.3 * size * wheel.radius}
          fill="var(--ink)"
        />
      ))}
    </>
  );
}
