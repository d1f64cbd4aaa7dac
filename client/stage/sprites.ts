import type Phaser from "phaser";

/** Where a sprite is, pixels, and how it is shown there. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  /** Radians, clockwise. */
  readonly rotation?: number;
  readonly scaleX?: number;
  readonly scaleY?: number;
  readonly alpha?: number;
  /** The share of its width that is to the left of (x, y); a half where it is left out. */
  readonly originX?: number;
}

/** Takes sprites, from the bottom up. */
export interface SpriteLayer {
  add(texture: string, placed: Placed): void;
}

/** Sprites of one layer. They are put anew in each frame, and Phaser's objects are used again. */
export class Sprites implements SpriteLayer {
  readonly #scene: Phaser.Scene;
  readonly #depth: number;
  readonly #images: Phaser.GameObjects.Image[] = [];
  #used = 0;
  /** All that was put in this frame, in order. */
  readonly put: (string | number)[] = [];

  constructor(scene: Phaser.Scene, depth: number) {
    this.#scene = scene;
    this.#depth = depth;
  }

  begin(): void {
    this.#used = 0;
    this.put.length = 0;
  }

  add(
    texture: string,
    { x, y, rotation = 0, scaleX = 1, scaleY = scaleX, alpha = 1, originX = 0.5 }: Placed,
  ): void {
    let image = this.#images[this.#used];
    if (!image) {
      image = this.#scene.add.image(0, 0, texture).setDepth(this.#depth);
      this.#images.push(image);
    } else if (image.texture.key !== texture) image.setTexture(texture);
    this.#used++;
    image.setVisible(true).setOrigin(originX, 0.5).setPosition(x, y);
    image.setRotation(rotation).setScale(scaleX, scaleY).setAlpha(alpha);
    this.put.push(texture, x, y, rotation, scaleX, scaleY, alpha, originX);
  }

  /** Hides those that were not put in this frame. */
  end(): void {
    for (let i = this.#used; i < this.#images.length; i++) this.#images[i]!.setVisible(false);
  }

  /** Lets go of all textures. */
  clear(): void {
    for (const image of this.#images.splice(0)) image.destroy();
    this.begin();
  }
}
