import type { Level } from "../../shared/worlds/level.ts";
import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import { presentationOf } from "../worlds/index.ts";
import type { Feeling } from "./feeling.ts";
import type { SpriteLayer } from "./sprites.ts";
import { fineness, type Textures } from "./textures.ts";
import { isWindy, type Wind, windAt } from "./wind.ts";

/** How far a gust pushes a crown over, as a share of its size, and how it trembles, radians a second. */
const reach = 0.24;
const tremble = 17;
/** What is left of a wind sock in still air, and where it then hangs to, radians. */
const limp = 0.55;
const limpToward = -1.1;
/** Plants share textures that are a little larger than they are: pixels. Many textures cost a canvas more than scaling. */
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
  sprites: SpriteLayer,
  textures: Textures,
  level: Level,
  feeling: Feeling | undefined,
  still: boolean,
  frame: Frame,
  width: number,
  height: number,
  colours: Colours,
): void {
  const isCalm = still || !feeling || !isWindy(feeling);
  for (const plant of presentationOf(level).plants?.(level.picture) ?? []) {
    const [x, y] = [frame.x(plant.x), frame.y(plant.y)];
    const size = plant.size * frame.scale;
    if (x < -size || y < -size || x > width + size || y > height + size) continue;
    const wind = feeling && isWindy(feeling) ? windAt(feeling, plant.x, plant.y) : null;
    if (plant.inWind === "points") {
      const texture = textures.ofBody(
        `${level.kind} points`,
        plant.body,
        size,
        colours.ink,
        "solid",
        colours,
      );
      const scaleY = 1 / fineness;
      sprites.add(texture, {
        x,
        y,
        scaleY,
        scaleX: scaleY * fullness(wind),
        ...hanging(wind, still),
      });
      continue;
    }
    const drawn = Math.ceil(size / sizeStep) * sizeStep;
    const texture = textures.ofBody(
      `${level.kind} leans ${drawn}`,
      plant.body,
      drawn,
      colours.ink,
      "solid",
      colours,
    );
    let push = 0;
    if (wind && !isCalm) {
      const trembling = Math.sin(tremble * wind.age + 3 * plant.x + 5 * plant.y);
      push = reach * size * wind.strength * (1 + 0.22 * trembling);
    }
    const toward = wind?.toward ?? 0;
    sprites.add(texture, {
      x: x + push * Math.cos(toward),
      y: y - push * Math.sin(toward),
      scaleX: size / drawn / fineness,
    });
  }
}

function hanging(wind: Wind | null, still: boolean): { rotation: number } {
  if (!wind) return { rotation: -limpToward };
  const flutter = still ? 0 : 0.1 * wind.strength * Math.sin(1.4 * tremble * wind.age);
  return { rotation: -wind.toward + flutter };
}

/** How much of a wind sock's length one sees. */
function fullness(wind: Wind | null): number {
  return limp + (1 - limp) * Math.sqrt(wind?.strength ?? 0);
}
