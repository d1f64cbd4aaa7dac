import { transfer, wrap } from "comlink";
import type { Level } from "../../../shared/worlds/level.ts";
import { readColours } from "../../drawing/colours.ts";
import type { Trail } from "../../drawing/trails.ts";
import { Recording } from "../../stage/recording.ts";
import type { CrashAndRepair } from "./crash-and-repair.ts";
import type { Encoder } from "./encoder.worker.ts";
import { takesOf } from "./takes.ts";

/** Pixels of the picture, of which the lowest rows have the words. */
const size = { width: 480, height: 300, words: 40 };
const framesASecond = 10;
/** Seconds for which one looks at the end, before it begins again. */
const pause = 1.5;

/**
 * The crash and its repair as an animated GIF, drawn by the stage in the theme's colours. Between two frames
 * the page gets its turn.
 * @param signal ends it early
 * @throws DOMException where `signal` has ended it; Error where it cannot be made
 */
export async function filmOf(
  world: Level,
  found: CrashAndRepair,
  background: readonly Trail[],
  signal: AbortSignal,
): Promise<Blob> {
  signal.throwIfAborted();
  const { width, height, words } = size;
  const worker = new Worker(new URL("./encoder.worker.ts", import.meta.url), { type: "module" });
  const failed = new Promise<never>((_, fail) => {
    worker.addEventListener("error", () => fail(new Error("The picture could not be made.")));
    signal.addEventListener("abort", () => fail(signal.reason));
  });
  failed.catch(() => {});
  let recording: Recording | null = null;
  try {
    recording = await Promise.race([Recording.open(world, width, height - words), failed]);
    const encoder = wrap<Encoder>(worker);
    const page = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    for (const take of takesOf(world, found, background)) {
      recording.turnTo(take.activity);
      const frames = Math.round(framesASecond * take.seconds);
      for (let i = 0; i < frames; i++) {
        page.drawImage(recording.after(i === 0 ? 0 : 1 / framesASecond), 0, 0);
        write(page, take.words(i / framesASecond));
        const { data } = page.getImageData(0, 0, width, height);
        await Promise.race([encoder.add(transfer(data, [data.buffer])), failed]);
      }
    }
    const delays = { usual: 1000 / framesASecond, last: 1000 * pause };
    const file = await Promise.race([encoder.finish(width, height, delays), failed]);
    return new Blob([file], { type: "image/gif" });
  } finally {
    recording?.close();
    worker.terminate();
  }
}

function write(page: OffscreenCanvasRenderingContext2D, words: string): void {
  const { width, height, words: strip } = size;
  const { paper, ink } = readColours();
  page.fillStyle = paper;
  page.fillRect(0, height - strip, width, strip);
  page.fillStyle = ink;
  page.font = "600 19px system-ui, sans-serif";
  page.textBaseline = "middle";
  page.fillText(words, 14, height - strip / 2 + 1, width - 28);
}
