import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Lit } from "./activity.ts";
import type { Sprites } from "./sprites.ts";
import { blotSize, type Textures } from "./textures.ts";

/** How far each point of a lit stretch shines, as a multiple of the agent's size, and how brightly. */
const reach = 1.4;
const brightness = 0.2;

/** Stretches of the way, lit in the learner's colour, beneath whoever is under way. */
export function putLight(
  sprites: Sprites,
  textures: Textures,
  { stretches, presence }: Lit,
  agent: number,
  frame: Frame,
  colours: Colours,
): void {
  const texture = textures.ofBlot("learner", colours.learner);
  const width = 2 * reach * agent * frame.scale;
  // Every other is enough, as each shines as far as the next.
  const shining = stretches.flatMap((points) => points.filter((_, i) => i % 2 === 0));
  for (const { x, y } of shining)
    sprites.add(texture, {
      x: frame.x(x),
      y: frame.y(y),
      scaleX: width / blotSize,
      alpha: brightness * presence,
    });
}
