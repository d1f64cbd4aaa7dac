import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Sprites } from "./sprites.ts";
import { blotSize, type Textures } from "./textures.ts";

/** What hangs in the air for a while: in the world's units and seconds. */
interface Puff {
  readonly tone: string;
  x: number;
  y: number;
  vx: number;
  vy: number;
  age: number;
  readonly life: number;
  readonly size: number;
  readonly grows: number;
  readonly presence: number;
}

/** More than these at once are not seen either. */
const most = 90;
/** The colours of confetti. */
const cheerful = ["expert", "learner", "ink"] as const;
/** How fast air stops it, 1/s. */
const drag = 3.5;

/** Dust of a fall, and smoke of tyres. */
export class Dust {
  #puffs: Puff[] = [];

  get isGone(): boolean {
    return this.#puffs.length === 0;
  }

  /** What a fall raises: clouds to all sides, mostly ahead, and clods that fly farther. */
  burst(x: number, y: number, heading: number, tone: string): void {
    for (let i = 0; i < 22; i++) {
      const isClod = i % 3 === 0;
      const angle = i % 4 === 0 ? 7 * Math.random() : heading + spread(1.7);
      const speed = (isClod ? 2.4 : 1.5) * (0.35 + Math.random());
      this.#raise({
        tone,
        x: x + spread(0.12),
        y: y + spread(0.12),
        vx: speed * Math.cos(angle),
        vy: speed * Math.sin(angle),
        age: 0,
        life: isClod ? 0.5 + 0.2 * Math.random() : 0.7 + 0.5 * Math.random(),
        size: isClod ? 0.07 : 0.16 + 0.12 * Math.random(),
        grows: isClod ? 0 : 0.75,
        presence: isClod ? 0.9 : 0.36,
      });
    }
  }

  /** Confetti to all sides, from the middle out to a few times `reach`. */
  cheer(x: number, y: number, reach: number): void {
    for (let i = 0; i < 48; i++) {
      const angle = 7 * Math.random();
      const speed = 3.5 * reach * (0.4 + 1.2 * Math.random());
      this.#raise({
        tone: cheerful[i % cheerful.length]!,
        x,
        y,
        vx: speed * Math.cos(angle),
        vy: speed * Math.sin(angle),
        age: 0,
        life: 1.2 + 0.8 * Math.random(),
        size: 0.13 * reach,
        grows: 0,
        presence: 1,
      });
    }
  }

  /** A little of what tyres give off. */
  smoke(x: number, y: number, tone: string): void {
    this.#raise({
      tone,
      x: x + spread(0.04),
      y: y + spread(0.04),
      vx: spread(0.25),
      vy: spread(0.25),
      age: 0,
      life: 0.5 + 0.3 * Math.random(),
      size: 0.13,
      grows: 0.55,
      presence: 0.42,
    });
  }

  /** Lets `seconds` pass. */
  pass(seconds: number): void {
    const slower = Math.exp(-drag * seconds);
    for (const puff of this.#puffs) {
      puff.age += seconds;
      puff.x += seconds * puff.vx;
      puff.y += seconds * puff.vy;
      puff.vx *= slower;
      puff.vy *= slower;
    }
    this.#puffs = this.#puffs.filter(({ age, life }) => age < life);
  }

  clear(): void {
    this.#puffs = [];
  }

  draw(sprites: Sprites, textures: Textures, frame: Frame, colours: Colours): void {
    for (const { tone, x, y, age, life, size, grows, presence } of this.#puffs) {
      const share = age / life;
      const texture = textures.ofBlot(tone, colours.of(tone));
      const width = (size + grows * age) * frame.scale;
      sprites.add(texture, {
        x: frame.x(x),
        y: frame.y(y),
        scaleX: (2 * width) / blotSize,
        alpha: presence * (1 - share) ** 1.3,
      });
    }
  }

  #raise(puff: Puff): void {
    if (this.#puffs.length < most) this.#puffs.push(puff);
  }
}

function spread(reach: number): number {
  return reach * (2 * Math.random() - 1);
}
