import type { Frame } from "../drawing/frame.ts";
import type { Feeling } from "./feeling.ts";
import { shakeOf } from "./jolt.ts";

/** How far ahead of the car one looks from close by, in the world's units, and how fast the eye follows, 1/s. */
const lead = 1.5;
const eagerness = 7;
/** How far a watcher leans in at a fall, and the seconds until they are there, stay there and are back. */
const lean = 0.55;
const leanIn = 0.18;
const leanStay = 0.75;
const leanBack = 1.25;

/** What the camera is turned to, pixels of the ground. */
export class Eye {
  x = 0;
  y = 0;
  /** How much larger than the ground has it. */
  zoom = 1;
  /** How far it is shaken to the side, pixels. */
  shake = 0;
  /** Where it would be if it did not lean in. */
  readonly #upright = { x: 0, y: 0 };

  /**
   * @param ground how many times larger the ground is than the canvas, of `width` and `height` pixels
   * @param seconds since it was last turned; null where it is to be there at once
   * @returns whether it has moved
   */
  turn(
    feeling: Feeling | undefined,
    still: boolean,
    frame: Frame,
    ground: number,
    width: number,
    height: number,
    seconds: number | null,
  ): boolean {
    const { x, y, zoom } = this;
    const upright = this.#upright;
    if (feeling && ground > 1) {
      const { pose } = feeling;
      const share = seconds === null ? 1 : Math.min(1, eagerness * seconds);
      const toX = frame.x(pose.x + lead * Math.cos(pose.heading!));
      const toY = frame.y(pose.y + lead * Math.sin(pose.heading!));
      upright.x += share * (within(toX, width, ground * width) - upright.x);
      upright.y += share * (within(toY, height, ground * height) - upright.y);
    } else {
      upright.x = (ground * width) / 2;
      upright.y = (ground * height) / 2;
    }
    this.x = upright.x;
    this.y = upright.y;
    this.zoom = 1;
    const bent = feeling?.watched && feeling.fall && !still ? leaningOf(feeling.fall.age) : 0;
    if (bent > 0) {
      this.zoom = 1 + lean * bent;
      const { fall } = feeling!;
      this.x += bent * 0.8 * (frame.x(fall!.x) - this.x);
      this.y += bent * 0.8 * (frame.y(fall!.y) - this.y);
      this.x = within(this.x, width / this.zoom, ground * width);
      this.y = within(this.y, height / this.zoom, ground * height);
    }
    this.shake = feeling && !still ? shakeOf(feeling) * frame.scale : 0;
    return this.x !== x || this.y !== y || this.zoom !== zoom;
  }
}

/** The middle of a window of `size` that is near `middle` and shows nothing beyond `all`. */
function within(middle: number, size: number, all: number): number {
  return Math.min(all - size / 2, Math.max(size / 2, middle));
}

/** How far one leans in so many seconds after a fall, in [0, 1]. */
function leaningOf(age: number): number {
  if (age < leanIn) return smooth(age / leanIn);
  if (age < leanStay) return 1;
  return age < leanBack ? smooth((leanBack - age) / (leanBack - leanStay)) : 0;
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}
