import type { Picture } from "../../shared/worlds/picture.ts";
import type { Colours } from "../drawing/colours.ts";
import { Frame } from "../drawing/frame.ts";
import type { Part } from "../drawing/primitives.ts";
import { paintPrimitives } from "./primitives.ts";

type Context = CanvasRenderingContext2D;

/** How much finer a texture is than what is seen of it, so that it can be turned without jags. */
export const fineness = 2;
/** Of a body's texture, in shares of the body's size: some parts reach out of it. */
const span = 1.5;

/** What is the agent's own, as an outline filled with paper. */
function paintOutline(
  c: Context,
  parts: readonly Part[],
  frame: Frame,
  own: string,
  colours: Colours,
): void {
  const body = parts.find((part) => part.kind !== "line" && part.fill === "own");
  if (!body) return;
  paintPrimitives(c, [body], frame, { ...colours, of: () => colours.paper });
  const points =
    body.kind === "area"
      ? body.points
      : Array.from({ length: 24 }, (_, i) => {
          const angle = (2 * Math.PI * i) / 24;
          const { x, y, radius } = body as Extract<Part, { kind: "disc" }>;
          return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
        });
  const line = { kind: "line", points, closed: true, stroke: "own", width: 0.11 } as const;
  paintPrimitives(c, [line], frame, { ...colours, of: () => own });
}

/** Where textures are kept by name: Phaser's manager, or canvases of one's own. */
export interface TextureStore {
  createCanvas(
    name: string,
    width: number,
    height: number,
  ): { readonly context: Context; refresh(): unknown } | null;
  remove(name: string): unknown;
}

/** Side of a blot's texture, pixels. */
export const blotSize = 64;

/** Textures that code draws, each when it is first asked for. */
export class Textures {
  readonly #store: TextureStore;
  readonly #drawn = new Set<string>();

  constructor(store: TextureStore) {
    this.#store = store;
  }

  /** The texture of this name, drawn by `paint` where there is none yet. */
  of(name: string, width: number, height: number, paint: (c: Context) => void): string {
    if (this.#drawn.has(name)) return name;
    const texture = this.#store.createCanvas(name, Math.ceil(width), Math.ceil(height))!;
    paint(texture.context);
    texture.refresh();
    this.#drawn.add(name);
    return name;
  }

  /** Forgets them all, since colours or sizes are others now. */
  clear(): void {
    for (const name of this.#drawn) this.#store.remove(name);
    this.#drawn.clear();
  }

  /**
   * Parts around (0, 0), whose lengths are shares of `size` pixels.
   * @param own the colour of what is the agent's own, "#rrggbb"
   * @param look "hollow" is an outline of it, "shadow" what it would throw
   */
  ofBody(
    name: string,
    parts: readonly Part[],
    size: number,
    own: string,
    look: "solid" | "hollow" | "shadow",
    colours: Colours,
  ): string {
    const side = 2 * Math.ceil((span * size * fineness) / 2);
    return this.of(`${name} ${own} ${look}`, side, side, (c) => {
      const half = span / 2;
      const bounds: Picture["bounds"] = { left: -half, right: half, bottom: -half, top: half };
      const frame = new Frame({ bounds }, side, side);
      const of = (tone: string) =>
        look === "shadow" ? "#000000" : tone === "own" ? own : colours.of(tone);
      if (look === "hollow") paintOutline(c, parts, frame, own, colours);
      else paintPrimitives(c, parts, frame, { ...colours, of });
    });
  }

  /** A soft blot. */
  ofBlot(tone: string, colour: string): string {
    const side = blotSize;
    return this.of(`blot ${tone}`, side, side, (c) => {
      const blot = c.createRadialGradient(side / 2, side / 2, 0, side / 2, side / 2, side / 2);
      blot.addColorStop(0, colour);
      blot.addColorStop(0.55, `${colour}b0`);
      blot.addColorStop(1, `${colour}00`);
      c.fillStyle = blot;
      c.fillRect(0, 0, side, side);
    });
  }
}
