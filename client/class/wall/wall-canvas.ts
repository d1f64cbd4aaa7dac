import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { type Colours, readColours } from "../../drawing/colours.ts";
import { Frame } from "../../drawing/frame.ts";
import type { Role } from "../../drawing/trails.ts";
import { putAgent } from "../../stage/cast.ts";
import { drawFall, drawTrail } from "../../stage/draw.ts";
import { paintPrimitives } from "../../stage/primitives.ts";
import { paintShadows, putPlants } from "../../stage/scenery.ts";
import { prefersStillness } from "../../stage/stillness.ts";
import { Textures } from "../../stage/textures.ts";
import { presentationOf } from "../../worlds/index.ts";
import { CanvasPen, CanvasSprites, CanvasStore } from "./canvas-sprites.ts";
import { type Drive, poseAt, poseBefore } from "./drive.ts";
import type { Box } from "./layout.ts";

export interface ShownDrive {
  readonly drive: Drive;
  readonly role: Role;
  /** One of two is hollow, so that they are told apart. */
  readonly look?: "hollow";
}

export interface WallTile {
  /** Whose it is: a tile of the same key whose drives are the same goes on. */
  readonly key: string;
  readonly drives: readonly ShownDrive[];
}

interface Running {
  readonly tile: WallTile;
  readonly box: Box;
  /** Steps since its drives began, not whole; what was drawn of them. */
  time: number;
  drawn: number;
}

type Context = CanvasRenderingContext2D;

/** Agents are this much larger than on the stage: one is to see them from the last row. */
const enlarged = 1.5;
/** The same of the cross where one fell, which lies on whoever did. */
const crossSize = 2.6;
/** Steps a second where a world has no pace of its own. */
const walkingPace = 3;
/** Longest frame that counts in full, and how long all rest before they begin again, seconds. */
const longestFrame = 0.25;
const rest = 3;

/** All tiles of the wall on one canvas. What lies still is painted once, and copied. */
export class WallCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: Context;
  readonly #level: Level;
  readonly #store = new CanvasStore();
  readonly #textures = new Textures(this.#store);
  readonly #sprites: CanvasSprites;
  /** What the drives have left behind so far, over the whole of the canvas. */
  readonly #marks: Context;
  readonly #pen: CanvasPen;
  readonly #cross: CanvasPen;
  #colours: Colours = readColours();
  /** The world without anybody in it, as large as a tile. */
  #ground: ImageBitmap | null = null;
  #frame: Frame | null = null;
  #running: Running[] = [];
  #density = 1;
  /** Seconds since the last of the drives was over. */
  #rested = 0;

  constructor(canvas: HTMLCanvasElement, level: Level) {
    this.#canvas = canvas;
    const { picture } = level;
    this.#level = { ...level, picture: { ...picture, agent: enlarged * picture.agent } };
    this.#context = canvas.getContext("2d", { alpha: true })!;
    this.#marks = new OffscreenCanvas(1, 1).getContext("2d") as unknown as Context;
    this.#sprites = new CanvasSprites(this.#context, this.#store);
    this.#pen = new CanvasPen(this.#marks);
    this.#cross = new CanvasPen(this.#context);
  }

  /** Shows these tiles in their boxes, which are all of one size, in CSS pixels. */
  show(tiles: readonly WallTile[], boxes: readonly Box[], width: number, height: number): void {
    const density = Math.min(2, devicePixelRatio || 1);
    const before = this.#running;
    const [w, h] = [Math.round(width * density), Math.round(height * density)];
    const { canvas } = this.#context;
    const isResized = canvas.width !== w || canvas.height !== h || density !== this.#density;
    const first = boxes[0];
    const isKnown =
      before.length === tiles.length &&
      before.every(
        ({ tile, box }, i) =>
          tile.key === tiles[i]!.key && isAlike(tile, tiles[i]!) && box === boxes[i],
      );
    if (isKnown && !isResized) return;
    this.#density = density;
    this.#running = tiles.map((tile, i) => {
      const old = before.find(({ tile: { key } }) => key === tile.key);
      const goesOn = old && isAlike(old.tile, tile);
      return { tile, box: boxes[i]!, time: goesOn ? old.time : 0, drawn: 0 };
    });
    if (isResized) {
      canvas.width = this.#marks.canvas.width = w;
      canvas.height = this.#marks.canvas.height = h;
    }
    if (first && (isResized || !this.#ground || first.width !== before[0]?.box.width))
      this.#paint(first);
    this.#clear();
  }

  /** Paints everything again, in the colours of the theme in force. */
  repaint(): void {
    this.#colours = readColours();
    this.#textures.clear();
    const [first] = this.#running;
    if (first) this.#paint(first.box);
    for (const running of this.#running) running.drawn = 0;
    this.#clear();
  }

  /** Has all drives begin together. */
  again(): void {
    this.#rested = 0;
    for (const running of this.#running) running.time = running.drawn = 0;
    this.#clear();
  }

  /** Moves all drives on by so many seconds and draws them. Once all are over they begin again together. */
  frame(seconds: number): void {
    // A browser's first frame may have begun before it was asked for.
    const real = Math.max(0, Math.min(longestFrame, seconds));
    const passed = stepsIn(this.#level.steering, real, walkingPace);
    const moved = this.#running.filter((running) => this.#moveOn(running, passed));
    this.#drawAll(moved);
    this.#rested = moved.length > 0 ? 0 : this.#rested + real;
    if (this.#rested > rest && !prefersStillness()) this.again();
  }

  #clear(): void {
    const { width, height } = this.#canvas;
    this.#context.clearRect(0, 0, width, height);
    this.#marks.clearRect(0, 0, width, height);
    this.#drawAll(this.#running);
  }

  /** Returns whether there is something new to see. */
  #moveOn(running: Running, passed: number): boolean {
    const end = endOf(running);
    if (running.time >= end) return false;
    running.time = prefersStillness() ? end : Math.min(end, running.time + passed);
    return true;
  }

  #drawAll(tiles: readonly Running[]): void {
    if (!this.#ground || !this.#frame) return;
    // One after the other: a canvas that is copied from and drawn on in turns is copied as a whole each time.
    for (const running of tiles) this.#leaveMarks(running);
    for (const running of tiles) this.#draw(running, this.#ground, this.#frame);
  }

  #draw({ tile, time, box }: Running, ground: ImageBitmap, frame: Frame): void {
    const { x, y, width, height } = this.#pixels(box);
    const c = this.#context;
    // Not every world covers all of its ground.
    c.clearRect(x, y, width, height);
    c.drawImage(ground, x, y);
    c.drawImage(this.#marks.canvas, x, y, width, height, x, y, width, height);
    c.save();
    c.beginPath();
    c.rect(x, y, width, height);
    c.clip();
    this.#sprites.x = x;
    this.#sprites.y = y;
    for (const { drive, role, look } of tile.drives) {
      const agent = { pose: poseAt(drive, time), role, ...(look && { look }) };
      putAgent(this.#sprites, this.#textures, this.#level, agent, frame, this.#colours);
      if (!drive.fell || time < drive.steps) continue;
      this.#cross.x = x;
      this.#cross.y = y;
      drawFall(this.#cross, agent.pose, frame, this.#colours, crossSize);
    }
    c.restore();
  }

  /** Draws what has been driven since it was last drawn. */
  #leaveMarks(running: Running): void {
    const { tile, time, drawn } = running;
    const { x, y, width, height } = this.#pixels(running.box);
    const m = this.#marks;
    m.save();
    m.beginPath();
    m.rect(x, y, width, height);
    m.clip();
    this.#pen.x = x;
    this.#pen.y = y;
    const frame = this.#frame!;
    for (const { drive, role, look } of tile.drives) {
      const [from, to] = [poseBefore(drive, drawn), poseBefore(drive, time)];
      const points = drive.poses.slice(from, to + 1);
      // Two in one place are told apart by their ways, too.
      const dashed = look === "hollow";
      if (to > from)
        drawTrail(this.#pen, { role, style: "past", points, dashed }, frame, this.#colours);
    }
    running.drawn = time;
    m.restore();
  }

  #paint({ width, height }: Box): void {
    const [w, h] = [width * this.#density, height * this.#density].map(Math.round) as [
      number,
      number,
    ];
    const level = this.#level;
    const frame = new Frame(level.picture, w, h);
    this.#frame = frame;
    this.#textures.clear();
    const sheet = new OffscreenCanvas(w, h);
    const c = sheet.getContext("2d") as unknown as Context;
    paintPrimitives(c, presentationOf(level).ground(level.picture), frame, this.#colours);
    paintShadows(c, level, frame);
    const plants = new CanvasSprites(c, this.#store);
    putPlants(plants, this.#textures, level, undefined, true, frame, w, h, this.#colours);
    this.#ground = sheet.transferToImageBitmap();
  }

  #pixels({ x, y, width, height }: Box): Box {
    const d = this.#density;
    return {
      x: Math.round(x * d),
      y: Math.round(y * d),
      width: Math.round(width * d),
      height: Math.round(height * d),
    };
  }
}

/** The step at which the last of its drives is over. */
function endOf({ tile: { drives } }: Running): number {
  return Math.max(0, ...drives.map(({ drive }) => drive.steps));
}

function isAlike(a: WallTile, b: WallTile): boolean {
  return (
    a.drives.length === b.drives.length &&
    a.drives.every(({ drive }, i) => drive === b.drives[i]!.drive)
  );
}
