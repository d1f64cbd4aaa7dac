import type { Picture } from "../../shared/worlds/picture.ts";

/** Where the world lies on the ground that is painted: the whole of its bounds, centred, y upward. */
export class Frame {
  /** Pixels to one of the world's units. */
  readonly scale: number;
  readonly #left: number;
  readonly #top: number;

  constructor({ bounds }: Pick<Picture, "bounds">, width: number, height: number) {
    const { left, right, bottom, top } = bounds;
    this.scale = Math.min(width / (right - left), height / (top - bottom));
    this.#left = width / 2 - ((left + right) / 2) * this.scale;
    this.#top = height / 2 + ((bottom + top) / 2) * this.scale;
  }

  x(x: number): number {
    return this.#left + x * this.scale;
  }

  y(y: number): number {
    return this.#top - y * this.scale;
  }

  /** The world's point under pixel (px, py). */
  at(px: number, py: number): { x: number; y: number } {
    return { x: (px - this.#left) / this.scale, y: (this.#top - py) / this.scale };
  }
}
