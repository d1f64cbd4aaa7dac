import type { Colours } from "../drawing/colours.ts";
import type { Frame } from "../drawing/frame.ts";
import type { Meadow } from "../drawing/primitives.ts";

type Context = CanvasRenderingContext2D;

/** Units between blades of grass, and between patches of another green. */
const bladeSquare = 0.52;
const patchSquare = 2.1;

/** Grass as far as the canvas goes, as if printed in three greens. */
export function paintMeadow(
  c: Context,
  { fill, patches, blades }: Meadow,
  frame: Frame,
  colours: Colours,
): void {
  const { width, height } = c.canvas;
  c.fillStyle = colours.of(fill);
  c.fillRect(0, 0, width, height);
  const unit = frame.scale;

  c.beginPath();
  forPlaces(c, frame, patchSquare, (x, y, one, two) => {
    const reach = (0.5 + 0.75 * one) * unit;
    c.moveTo(x + reach, y);
    c.ellipse(x, y, reach, (0.45 + 0.4 * two) * reach, 0, 0, 2 * Math.PI);
  });
  c.fillStyle = colours.of(patches);
  c.fill();

  c.beginPath();
  forPlaces(c, frame, bladeSquare, (x, y, one, two) => {
    if (one > 0.62) return;
    const height = (0.05 + 0.05 * two) * unit;
    for (const lean of two < 0.3 ? [0] : [-0.5, 0.1, 0.6]) {
      c.moveTo(x + 0.3 * lean * height, y);
      c.lineTo(x + lean * height, y - height * (1 - 0.3 * Math.abs(lean)));
    }
  });
  c.strokeStyle = colours.of(blades);
  c.lineWidth = Math.max(1, 0.016 * unit);
  c.lineCap = "round";
  c.stroke();
}

/** Calls `at` with a pixel in each square of the world that the canvas shows, and with two numbers that are its own. */
function forPlaces(
  c: Context,
  frame: Frame,
  square: number,
  at: (x: number, y: number, one: number, two: number) => void,
): void {
  const [first, last] = [frame.at(0, c.canvas.height), frame.at(c.canvas.width, 0)];
  const end = { column: Math.ceil(last.x / square) + 1, row: Math.ceil(last.y / square) + 1 };
  for (let row = Math.floor(first.y / square) - 1; row < end.row; row++) {
    for (let column = Math.floor(first.x / square) - 1; column < end.column; column++) {
      const own = [1, 2, 3, 4].map((k) => hash(column, row, k));
      const x = frame.x((column + own[0]!) * square);
      at(x, frame.y((row + own[1]!) * square), own[2]!, own[3]!);
    }
  }
}

/** In [0, 1), always the same for the same three. */
function hash(column: number, row: number, k: number): number {
  const wave = Math.sin(127.1 * column + 311.7 * row + 74.7 * k) * 43758.5453;
  return wave - Math.floor(wave);
}
