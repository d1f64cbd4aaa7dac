import type { Level } from "../../shared/worlds/level.ts";
import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import { presentationOf } from "../worlds/index.ts";
import type { Feeling } from "./feeling.ts";
import type { Sprites } from "./sprites.ts";
import { fineness, type Textures } from "./textures.ts";
import { type Wind, windAt } from "./wind.ts";

/** How far a gust pushes a crown over, as a share of its size, and how it trembles, radians a second. */
const reach = 0.24;
const tremble = 17;
/** What is left of a wind sock in still air, and where it then hangs to, radians. */
const limp = 0.55;
const limpToward = -1.1;
/** Sizes that plants of the same kind are drawn in, so that there are few textures: pixels. */
const sizeStep = 12;

/** Shadows of what stands on the ground, painted on it. */
export function paintShadows(c: CanvasRenderingContext2D, level: Level, frame: Frame): void {
  const plants = presentationOf(level).plants?.(level.picture) ?? [];
  c.fillStyle = "#000000";
  c.globalAlpha = 0.13;
  for (const { x, y, size, inWind } of plants) {
    const radius = (inWind === "leans" ? 0.47 : 0.1) * size * frame.scale;
    c.beginPath();
    c.ellipse(
      frame.x(x + 0.13 * size),
      frame.y(y - 0.16 * size),
      radius,
      radius,
      0,
      0,
      2 * Math.PI,
    );
    c.fill();
  }
  c.globalAlpha = 1;
}

/** What stands on the ground, in the wind of this frame. */
export function putPlants(
  sprites: Sprites,
  textures: Textures,
  level: Level,
  feeling: Feeling | undefined,
  still: boolean,
  frame: Frame,
  width: number,
  height: number,
  colours: Colours,
): void {
  for (const plant of presentationOf(level).plants?.(level.picture) ?? []) {
    const [x, y] = [frame.x(plant.x), frame.y(plant.y)];
    const size = plant.size * frame.scale;
    if (x < -size || y < -size || x > width + size || y > height + size) continue;
    const drawn = Math.ceil(size / sizeStep) * sizeStep;
    const texture = textures.ofBody(
      `${level.kind} ${plant.inWind} ${drawn}`,
      plant.body,
      drawn,
      colours.ink,
      "solid",
      colours,
    );
    const scale = size / drawn / fineness;
    const wind = feeling ? windAt(feeling, plant.x, plant.y) : null;
    if (plant.inWind === "points") {
      sprites.add(texture, { x, y, ...hanging(wind, still), scaleY: scale, ...long(wind, scale) });
    } else if (!wind || still) sprites.add(texture, { x, y, scaleX: scale });
    else {
      const phase = plant.x * 3 + plant.y * 5;
      const push = reach * size * wind.strength * (1 + 0.22 * Math.sin(tremble * wind.age + phase));
      sprites.add(texture, {
        x: x + push * Math.cos(wind.toward),
        y: y - push * Math.sin(wind.toward),
        scaleX: scale * (1 + 0.05 * wind.strength),
        scaleY: scale * (1 - 0.04 * wind.strength),
      });
    }
  }
}

function hanging(wind: Wind | null, still: boolean): { rotation: number } {
  if (!wind) return { rotation: -limpToward };
  const flutter = still ? 0 : 0.1 * wind.strength * Math.sin(1.4 * tremble * wind.age);
  return { rotation: -wind.toward + flutter };
}

function long(wind: Wind | null, scale: number): { scaleX: number } {
  return { scaleX: scale * (limp + (1 - limp) * Math.sqrt(wind?.strength ?? 0)) };
}
