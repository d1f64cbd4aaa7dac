import type Phaser from "phaser";
import type { Pose, Shape, Stage } from "../../shared/worlds/world.ts";
import type { RewardMap, Role, Trail } from "../play/activity.ts";
import { type Colours, rewardColour, toNumber } from "./colours.ts";
import type { Frame } from "./frame.ts";

type Graphics = Phaser.GameObjects.Graphics;

/** Up to this many tiles a map shows its numbers; beyond, they would not fit. */
const mostNumbers = 100;

export function drawWorld(g: Graphics, stage: Stage, frame: Frame, colours: Colours): void {
  for (const shape of stage.shapes) {
    if (shape.kind === "ribbon") drawRibbon(g, shape, frame, colours);
    else drawTile(g, shape, frame, colours);
  }
}

function drawRibbon(
  g: Graphics,
  { points, halfWidth }: Shape & { kind: "ribbon" },
  frame: Frame,
  colours: Colours,
): void {
  const band = (half: number, colour: number) => {
    g.fillStyle(colour);
    points.forEach(([x, y], i) => {
      const [nx, ny] = points[(i + 1) % points.length]!;
      const length = Math.hypot(nx - x, ny - y);
      const ox = (-(ny - y) / length) * half;
      const oy = ((nx - x) / length) * half;
      const corner = (px: number, py: number) => ({ x: frame.x(px), y: frame.y(py) });
      fill(g, [
        corner(x + ox, y + oy),
        corner(nx + ox, ny + oy),
        corner(nx - ox, ny - oy),
        corner(x - ox, y - oy),
      ]);
      // Quads leave a wedge open on the outside of each joint.
      g.fillCircle(frame.x(x), frame.y(y), half * frame.scale);
    });
  };
  band(halfWidth + 0.05, colours.edge);
  band(halfWidth, colours.road);
  g.lineStyle(Math.max(1, 0.035 * frame.scale), colours.dash);
  points.forEach(([x, y], i) => {
    if (i % 4 > 1) return;
    const [nx, ny] = points[(i + 1) % points.length]!;
    g.lineBetween(frame.x(x), frame.y(y), frame.x(nx), frame.y(ny));
  });
}

function fill(g: Graphics, corners: readonly { x: number; y: number }[]): void {
  g.beginPath();
  for (const { x, y } of corners) g.lineTo(x, y);
  g.closePath().fillPath();
}

function drawTile(
  g: Graphics,
  { x, y, size, terrain }: Shape & { kind: "tile" },
  frame: Frame,
  colours: Colours,
): void {
  const gap = 0.03;
  const side = (size - 2 * gap) * frame.scale;
  const left = frame.x(x - size / 2 + gap);
  const top = frame.y(y + size / 2 - gap);
  g.fillStyle(colours[terrain]);
  g.fillRoundedRect(left, top, side, side, 0.08 * frame.scale);
  if (terrain === "home") {
    const at = (dx: number, dy: number) => ({
      x: frame.x(x + dx * size),
      y: frame.y(y + dy * size),
    });
    g.fillStyle(colours.paper);
    fill(g, [at(-0.22, -0.26), at(-0.22, 0.04), at(0.22, 0.04), at(0.22, -0.26)]);
    g.fillStyle(colours.ink);
    fill(g, [at(-0.32, 0.03), at(0, 0.3), at(0.32, 0.03)]);
    fill(g, [at(-0.06, -0.26), at(-0.06, -0.07), at(0.06, -0.07), at(0.06, -0.26)]);
  }
}

export function drawTrail(g: Graphics, trail: Trail, frame: Frame, colours: Colours): void {
  const { points, style, uncertainty } = trail;
  const unit = frame.scale * 0.012 + 1;
  const colour = colours[trail.role];
  if (points.length < 2) return;
  if (style === "plan") {
    const last = points.at(-1)!;
    for (let i = 1; i < points.length; i++) {
      if (points.length > 4 && i % 2 === 0) continue;
      line(g, points[i - 1]!, points[i]!, frame, 2.4 * unit, colour, 0.95);
    }
    g.fillStyle(colour, 0.95).fillCircle(frame.x(last.x), frame.y(last.y), 3.2 * unit);
    return;
  }
  for (let i = 1; i < points.length; i++) {
    const doubt = uncertainty?.[i - 1];
    const thick = style === "faint" ? 1.1 : 1.6 + 2.4 * (doubt ?? 0);
    const alpha = style === "faint" ? 0.28 : doubt === undefined ? 0.75 : 0.3 + 0.7 * doubt;
    line(g, points[i - 1]!, points[i]!, frame, thick * unit, colour, alpha);
  }
}

function line(
  g: Graphics,
  a: Pose,
  b: Pose,
  frame: Frame,
  width: number,
  colour: number,
  alpha: number,
) {
  g.lineStyle(width, colour, alpha);
  g.lineBetween(frame.x(a.x), frame.y(a.y), frame.x(b.x), frame.y(b.y));
}

export function drawFall(
  g: Graphics,
  { x, y }: { x: number; y: number },
  frame: Frame,
  colours: Colours,
): void {
  const arm = 0.11;
  g.lineStyle(Math.max(2, 0.05 * frame.scale), colours.ink, 0.85);
  g.lineBetween(frame.x(x - arm), frame.y(y - arm), frame.x(x + arm), frame.y(y + arm));
  g.lineBetween(frame.x(x - arm), frame.y(y + arm), frame.x(x + arm), frame.y(y - arm));
}

export function drawAgent(
  g: Graphics,
  { agent: size, body }: Stage,
  { pose, role }: { pose: Pose; role: Role },
  frame: Frame,
  colours: Colours,
): void {
  const cos = Math.cos(pose.heading ?? 0);
  const sin = Math.sin(pose.heading ?? 0);
  const at = (forward: number, left: number) => ({
    x: frame.x(pose.x + size * (forward * cos - left * sin)),
    y: frame.y(pose.y + size * (forward * sin + left * cos)),
  });
  const box = (back: number, front: number, half: number) => [
    at(back, -half),
    at(front, -half),
    at(front, half),
    at(back, half),
  ];
  if (body === "walker") {
    g.fillStyle(colours.paper).fillCircle(
      frame.x(pose.x),
      frame.y(pose.y),
      0.56 * size * frame.scale,
    );
    g.fillStyle(colours[role]).fillCircle(
      frame.x(pose.x),
      frame.y(pose.y),
      0.48 * size * frame.scale,
    );
    g.fillStyle(colours.glass);
    for (const left of [-0.16, 0.16]) {
      const eye = at(left, 0.08);
      g.fillCircle(eye.x, eye.y, 0.07 * size * frame.scale);
    }
    return;
  }
  g.fillStyle(colours.ink);
  for (const [back, front] of [
    [-0.38, -0.14],
    [0.16, 0.4],
  ] as const) {
    fill(g, box(back, front, 0.33));
  }
  g.fillStyle(colours[role]);
  fill(g, [
    at(-0.5, -0.2),
    at(-0.42, -0.27),
    at(0.36, -0.27),
    at(0.52, -0.16),
    at(0.52, 0.16),
    at(0.36, 0.27),
    at(-0.42, 0.27),
    at(-0.5, 0.2),
  ]);
  g.fillStyle(colours.glass);
  fill(g, [at(0.04, -0.2), at(0.24, -0.16), at(0.24, 0.16), at(0.04, 0.2)]);
  fill(g, [at(-0.36, -0.17), at(-0.26, -0.19), at(-0.26, 0.19), at(-0.36, 0.17)]);
}

/** Paints the map, and where they fit the numbers, which are the caller's to destroy. */
export function drawMap(
  scene: Phaser.Scene,
  g: Graphics,
  { tiles, reward, visits }: RewardMap,
  frame: Frame,
  colours: Colours,
): Phaser.GameObjects.Text[] {
  const least = Math.min(...reward);
  const most = Math.max(...reward);
  const roomy = tiles.length <= mostNumbers;
  return tiles.flatMap(({ x, y, size }, i) => {
    const colour = rewardColour(reward[i]!, least, most);
    const gap = roomy ? 0.03 * size : 0;
    const side = (size - 2 * gap) * frame.scale;
    const visited = visits[i]! > 0;
    // What nobody has walked on is inferred from elsewhere: paler, so that it is not taken for known.
    g.fillStyle(colours.paper).fillRect(
      frame.x(x - size / 2 + gap),
      frame.y(y + size / 2 - gap),
      side,
      side,
    );
    g.fillStyle(toNumber(colour), visited ? 1 : 0.45);
    g.fillRect(frame.x(x - size / 2 + gap), frame.y(y + size / 2 - gap), side, side);
    if (!roomy) return [];
    const [r, gr, b] = colour.match(/\d+/g)!.map(Number) as [number, number, number];
    const dark = (visited ? 1 : 0.45) * (1 - (0.3 * r + 0.59 * gr + 0.11 * b) / 255) > 0.5;
    const text = scene.add
      .text(frame.x(x), frame.y(y), format(reward[i]!), {
        fontFamily: "system-ui, sans-serif",
        fontSize: `${Math.round(0.2 * size * frame.scale)}px`,
        color: dark ? "#ffffff" : "#1b1d20",
      })
      .setOrigin(0.5)
      .setDepth(1);
    return [text];
  });
}

function format(reward: number): string {
  return `${reward < 0 ? "−" : "+"}${Math.abs(reward).toFixed(2)}`;
}
