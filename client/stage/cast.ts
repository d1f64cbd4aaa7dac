import type { Level } from "../../shared/worlds/level.ts";
import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import { presentationOf } from "../worlds/index.ts";
import { type Agent, presenceOf, roleColour } from "./draw.ts";
import type { SpriteLayer } from "./sprites.ts";
import { fineness, type Textures } from "./textures.ts";

/** How far ahead a beam goes, in the world's units, and to either side, radians. */
const beamReach = 1.6;
const beamHalf = 0.34;
/** Size of one of many, and how much of its colour there is. */
const small = 0.8;
const translucent = 0.72;
/** Where a shadow falls, as shares of the agent's size: to the lower right. */
const shadowAt = { x: 0.09, y: 0.12 };
const shadowDepth = 0.2;

/** Whoever is under way, with their shadows and, at night, their lights. */
export function putAgent(
  sprites: SpriteLayer,
  textures: Textures,
  level: Level,
  { pose, role, look }: Agent,
  frame: Frame,
  colours: Colours,
): void {
  const { body, beam } = presentationOf(level);
  const size = level.picture.agent * frame.scale;
  const rotation = body.turns ? -(pose.heading ?? 0) : 0;
  const [x, y] = [frame.x(pose.x), frame.y(pose.y)];
  const own = roleColour(colours, role);
  const name = `${level.kind} agent`;
  const scaleX = (look === "small" ? small : 1) / fineness;
  const solid = look === undefined && role !== "ghost";
  const light = beam && solid ? colours.of(beam) : "";
  if (light) putBeam(sprites, textures, x, y, rotation, light, frame);
  if (solid) {
    const shadow = textures.ofBody(name, body.parts, size, own, "shadow", colours);
    sprites.add(shadow, {
      x: x + shadowAt.x * size,
      y: y + shadowAt.y * size,
      rotation,
      scaleX,
      alpha: shadowDepth,
    });
  }
  const shown = look === "hollow" ? "hollow" : "solid";
  sprites.add(textures.ofBody(name, body.parts, size, own, shown, colours), {
    x,
    y,
    rotation,
    scaleX,
    alpha: look === "small" ? translucent : presenceOf(role),
  });
}

function putBeam(
  sprites: SpriteLayer,
  textures: Textures,
  x: number,
  y: number,
  rotation: number,
  colour: string,
  frame: Frame,
): void {
  const reach = beamReach * frame.scale;
  const half = reach * Math.sin(beamHalf);
  const texture = textures.of("beam", reach, 2 * half, (c) => {
    const fade = c.createRadialGradient(0, half, 0, 0, half, reach);
    fade.addColorStop(0.1, `${colour}00`);
    fade.addColorStop(0.2, `${colour}66`);
    fade.addColorStop(1, `${colour}00`);
    c.fillStyle = fade;
    c.fillRect(0, 0, reach, 2 * half);
    // Of what goes to all sides, only what goes ahead.
    const ahead = c.createConicGradient(-beamHalf, 0, half);
    for (const [turn, alpha] of [
      [0, "00"],
      [0.7, "ff"],
      [1.3, "ff"],
      [2, "00"],
    ] as const)
      ahead.addColorStop((turn * beamHalf) / (2 * Math.PI), `#000000${alpha}`);
    c.globalCompositeOperation = "destination-in";
    c.fillStyle = ahead;
    c.fillRect(0, 0, reach, 2 * half);
  });
  sprites.add(texture, { x, y, rotation, originX: 0 });
}
