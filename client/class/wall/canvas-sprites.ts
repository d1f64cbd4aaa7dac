import type { Pen } from "../../stage/draw.ts";
import type { Placed, SpriteLayer } from "../../stage/sprites.ts";
import type { TextureStore } from "../../stage/textures.ts";

/** What the stage draws with, on a plain canvas: thirty small worlds need no game. */

type Context = CanvasRenderingContext2D;

/** Textures as canvases of their own. */
export class CanvasStore implements TextureStore {
  readonly #canvases = new Map<string, OffscreenCanvas>();

  createCanvas(name: string, width: number, height: number) {
    const canvas = new OffscreenCanvas(width, height);
    this.#canvases.set(name, canvas);
    const context = canvas.getContext("2d") as unknown as Context;
    return { context, refresh() {} };
  }

  remove(name: string): void {
    this.#canvases.delete(name);
  }

  get(name: string): OffscreenCanvas {
    return this.#canvases.get(name)!;
  }
}

/** Sprites that are drawn at once, within the place that is set. */
export class CanvasSprites implements SpriteLayer {
  readonly #context: Context;
  readonly #store: CanvasStore;
  /** Pixel of the canvas at which the sprites' own begin. */
  x = 0;
  y = 0;

  constructor(context: Context, store: CanvasStore) {
    this.#context = context;
    this.#store = store;
  }

  add(
    texture: string,
    { x, y, rotation = 0, scaleX = 1, scaleY = scaleX, alpha = 1, originX = 0.5 }: Placed,
  ): void {
    const image = this.#store.get(texture);
    const c = this.#context;
    const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
    c.setTransform(cos * scaleX, sin * scaleX, -sin * scaleY, cos * scaleY, this.x + x, this.y + y);
    c.globalAlpha = alpha;
    c.drawImage(image, -originX * image.width, -image.height / 2);
    c.globalAlpha = 1;
    c.resetTransform();
  }
}

/** Lines and dots, within the place that is set. */
export class CanvasPen implements Pen {
  readonly #context: Context;
  x = 0;
  y = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  lineStyle(width: number, colour: number, alpha: number): void {
    this.#context.lineWidth = width;
    this.#context.strokeStyle = styleOf(colour, alpha);
  }

  lineBetween(fromX: number, fromY: number, toX: number, toY: number): void {
    const c = this.#context;
    c.beginPath();
    c.moveTo(this.x + fromX, this.y + fromY);
    c.lineTo(this.x + toX, this.y + toY);
    c.stroke();
  }

  fillStyle(colour: number, alpha: number): void {
    this.#context.fillStyle = styleOf(colour, alpha);
  }

  fillCircle(x: number, y: number, radius: number): void {
    const c = this.#context;
    c.beginPath();
    c.arc(this.x + x, this.y + y, radius, 0, 2 * Math.PI);
    c.fill();
  }
}

function styleOf(colour: number, alpha: number): string {
  return `rgb(${colour >> 16} ${(colour >> 8) & 255} ${colour & 255} / ${alpha})`;
}
