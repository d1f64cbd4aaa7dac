import { expose, transfer } from "comlink";
import { GIFEncoder, nearestColorIndex, quantize } from "gifenc";

/** The colours are chosen by so many frames at most. */
const sampled = 8;
/** How many colours there are; of fewer, where the picture would be larger than `mostBytes`. */
const colourCounts = [63, 31, 15];
const mostBytes = 1_500_000;

const frames: Uint8ClampedArray[] = [];

const encoder = {
  /** A frame's pixels, red, green, blue and alpha. */
  add(pixels: Uint8ClampedArray): void {
    frames.push(pixels);
  },

  /** All frames as an animated GIF that begins again for ever; each is seen for so many milliseconds. */
  finish(
    width: number,
    height: number,
    delays: { usual: number; last: number },
  ): Uint8Array<ArrayBuffer> {
    let file = encode(frames, width, height, delays, colourCounts[0]!);
    for (const colours of colourCounts.slice(1)) {
      if (file.length <= mostBytes) break;
      file = encode(frames, width, height, delays, colours);
    }
    return transfer(file, [file.buffer]);
  },
};

export type Encoder = typeof encoder;

function encode(
  frames: readonly Uint8ClampedArray[],
  width: number,
  height: number,
  { usual, last }: { usual: number; last: number },
  most: number,
): Uint8Array<ArrayBuffer> {
  const colours = coloursOf(frames, most);
  // One more, which no pixel has, stands for what is as it was in the frame before.
  const unchanged = colours.length;
  const palette = [...colours, [0, 0, 0]];
  const nearest = nearestOf(colours);
  const gif = GIFEncoder();
  let shown: Uint8Array | null = null;
  for (const [i, frame] of frames.entries()) {
    const pixels = nearest(frame);
    const before = shown;
    const changes = before
      ? pixels.map((colour, i) => (colour === before[i] ? unchanged : colour))
      : pixels;
    gif.writeFrame(changes, width, height, {
      ...(before ? {} : { palette }),
      transparent: before !== null,
      transparentIndex: unchanged,
      delay: i === frames.length - 1 ? last : usual,
      dispose: 1,
    });
    shown = pixels;
  }
  gif.finish();
  return gif.bytes();
}

/**
 * What gives each pixel of a frame its nearest colour. The package's own gives similar pixels what is nearest
 * to the first of them, by which ground flickers in the dark.
 */
function nearestOf(colours: number[][]): (frame: Uint8ClampedArray) => Uint8Array {
  const known = new Map<number, number>();
  return (frame) => {
    const pixels = new Uint32Array(frame.buffer, frame.byteOffset, frame.length / 4);
    const found = new Uint8Array(pixels.length);
    for (let i = 0; i < pixels.length; i++) {
      const pixel = pixels[i]!;
      if (i > 0 && pixel === pixels[i - 1]) {
        found[i] = found[i - 1]!;
        continue;
      }
      let nearest = known.get(pixel);
      if (nearest === undefined) {
        nearest = nearestColorIndex(colours, [...frame.subarray(4 * i, 4 * i + 3)]);
        known.set(pixel, nearest);
      }
      found[i] = nearest;
    }
    return found;
  };
}

function coloursOf(frames: readonly Uint8ClampedArray[], most: number): number[][] {
  const every = Math.ceil(frames.length / sampled);
  const chosen = frames.filter((_, i) => i % every === 0);
  const pixels = new Uint8ClampedArray(chosen.length * frames[0]!.length);
  for (const [i, frame] of chosen.entries()) pixels.set(frame, i * frame.length);
  return quantize(pixels, most);
}

expose(encoder);
