import Phaser from "phaser";
import type { Level } from "../../shared/worlds/level.ts";
import { type Colours, readColours } from "../drawing/colours.ts";
import { Frame } from "../drawing/frame.ts";
import type { Meadow } from "../drawing/primitives.ts";
import { crash, type Heard, hear } from "../sound/sound.ts";
import { presentationOf } from "../worlds/index.ts";
import { type Activity, nothing, type View } from "./activity.ts";
import { putAgent } from "./cast.ts";
import {
  drawCursor,
  drawFall,
  drawPlace,
  drawRing,
  drawTracks,
  drawTrail,
  drawWheel,
} from "./draw.ts";
import { drawField } from "./draw-arrows.ts";
import { Dust } from "./dust.ts";
import { Eye } from "./eye.ts";
import { closeUp, type Feeling } from "./feeling.ts";
import { paintHeat, paintMap, paintTrail } from "./ground.ts";
import { drawGust } from "./jolt.ts";
import { putLight } from "./light.ts";
import { paintPrimitives } from "./primitives.ts";
import { paintShadows, putPlants } from "./scenery.ts";
import { smokeFrom } from "./smoke.ts";
import { Sprites } from "./sprites.ts";
import { prefersStillness } from "./stillness.ts";
import { Textures } from "./textures.ts";
import { windAt } from "./wind.ts";

/** How many times larger the world is from close by. */
const closeness = 1.9;
/** Length of an agent that can be read, CSS pixels. */
const readable = 20;

/** The one scene there is: draws a world and whatever goes on in it. */
export class StageScene extends Phaser.Scene {
  /** What is going on; asked for a view once a frame. */
  activity: Activity | null = null;
  /** Whether time stands still. */
  paused = false;
  /** Called when the world has moved under the pointer. */
  onScroll: () => void = () => {};
  readonly #home: Level;
  readonly #isSilent: boolean;
  #world: Level;
  /** How many times larger than the canvas the ground is. */
  #closeness = 1;
  readonly #eye = new Eye();
  #colours: Colours = readColours();
  #frame: Frame | null = null;
  /** The world itself, which stays when something else is painted on it. */
  #land!: OffscreenCanvas;
  #ground!: Phaser.Textures.CanvasTexture;
  #picture!: Phaser.GameObjects.Image;
  #textures!: Textures;
  /** From the bottom up. */
  #below!: Phaser.GameObjects.Graphics;
  #cast!: Sprites;
  #plants!: Sprites;
  #air!: Sprites;
  #above!: Phaser.GameObjects.Graphics;
  readonly #dust = new Dust();
  /** Of each agent, where it was a frame ago. */
  #before: readonly View["agents"][number]["pose"][] = [];
  /** Where whoever feels something was a frame ago. */
  #felt: Feeling["pose"] | null = null;
  /** The age of the last fall that was felt, a frame ago. */
  #fallAge: number | null = null;
  /** What the ground was painted for. */
  #painted: Pick<View, "background" | "map" | "heat"> = nothing;
  /** What the canvas shows; null where the ground is another. */
  #shown: unknown[] | null = null;
  #isNew = true;

  /** @param silent whether nothing of it is to be heard */
  constructor(world: Level, { silent = false } = {}) {
    super("stage");
    this.#home = this.#world = world;
    this.#isSilent = silent;
  }

  create(): void {
    this.#ground = this.textures.createCanvas("ground", 1, 1)!;
    this.#textures = new Textures(this.textures);
    this.#picture = this.add.image(0, 0, "ground").setOrigin(0);
    this.#below = this.add.graphics().setDepth(1);
    this.#cast = new Sprites(this, 2);
    this.#plants = new Sprites(this, 3);
    this.#air = new Sprites(this, 4);
    this.#above = this.add.graphics().setDepth(5);
    this.scale.on("resize", () => this.repaint());
    this.repaint();
  }

  /** Draws all of it again, in the colours of the theme in force. */
  repaint(): void {
    if (!this.#ground) return;
    this.#colours = readColours();
    const [width, height] = [this.scale.width, this.scale.height].map(
      (pixels) => pixels * this.#closeness,
    ) as [number, number];
    const frame = new Frame(this.#world.picture, width, height);
    this.#frame = frame;
    for (const sprites of [this.#cast, this.#plants, this.#air]) sprites.clear();
    this.#textures.clear();
    this.#dust.clear();
    const primitives = presentationOf(this.#world).ground(this.#world.picture);
    // Seen at its rim when it shakes.
    const beyond = primitives.find(({ kind }) => kind === "meadow") as Meadow | undefined;
    this.cameras.main
      .setSize(this.scale.width, this.scale.height)
      .setBackgroundColor(this.#colours.of(beyond?.fill ?? "paper"));
    this.#land = new OffscreenCanvas(Math.ceil(width), Math.ceil(height));
    const context = this.#land.getContext("2d") as unknown as CanvasRenderingContext2D;
    paintPrimitives(context, primitives, frame, this.#colours);
    paintShadows(context, this.#world, frame);
    this.#ground.setSize(width, height);
    this.#picture.setTexture("ground");
    this.#paint(this.#painted);
  }

  /** The world's point under a pixel of the canvas. */
  at(px: number, py: number): { x: number; y: number } {
    const { x, y, zoom } = this.#eye;
    const { width, height } = this.cameras.main;
    return (
      this.#frame?.at(x + (px - width / 2) / zoom, y + (py - height / 2) / zoom) ?? { x: 0, y: 0 }
    );
  }

  /** Whether there is something to render since this was last asked. */
  takeNews(): boolean {
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew;
  }

  /** One short burst; none where stillness is preferred. */
  celebrate(): void {
    if (prefersStillness()) return;
    const { left, right, bottom, top } = this.#world.picture.bounds;
    this.#dust.cheer((left + right) / 2, (bottom + top) / 2, (right - left) / 10);
  }

  override update(_time: number, milliseconds: number): void {
    const world = this.activity?.world ?? this.#home;
    if (world !== this.#world) {
      this.#world = world;
      this.repaint();
    }
    if (!this.#frame) return;
    const seconds = this.paused ? 0 : milliseconds / 1000;
    const view = this.activity?.frame(seconds) ?? nothing;
    const still = prefersStillness();
    this.#turn(view.feeling, still, milliseconds / 1000);
    const { background, map, heat } = this.#painted;
    if (view.background !== background || view.map !== map || view.heat !== heat) {
      this.#paint(view);
    }
    this.#stirUp(view, still, Math.min(0.1, seconds));
    this.#draw(view, still);
    this.#compare();
  }

  /** Whether an agent is hard to read from afar. */
  get #isSmall(): boolean {
    const { clientWidth } = this.game.canvas;
    const pixels = (this.#frame!.scale / this.#closeness) * (clientWidth / this.scale.width);
    return pixels * this.#world.picture.agent < readable;
  }

  /** Turns the camera to whoever drives. */
  #turn(feeling: Feeling | undefined, still: boolean, seconds: number): void {
    const { hasCloseUp } = presentationOf(this.#world);
    const asked = feeling && (feeling.watched ? feeling.watched.closeUp : closeUp.peek());
    const isClose = asked === "small" ? this.#isSmall : asked;
    const wanted = isClose && hasCloseUp ? closeness : 1;
    const isOther = wanted !== this.#closeness;
    if (isOther) {
      this.#closeness = wanted;
      this.repaint();
    }
    const camera = this.cameras.main;
    const eye = this.#eye;
    const { width, height } = camera;
    const since = isOther ? null : Math.min(0.1, seconds);
    const moved = eye.turn(feeling, still, this.#frame!, wanted, width, height, since);
    // Whole pixels need no blending, which a software renderer would spend most of a frame on.
    const whole = eye.zoom === 1 ? Math.round : (pixels: number) => pixels;
    camera.setZoom(eye.zoom);
    camera.setScroll(whole(eye.x - width / 2 + eye.shake), whole(eye.y - height / 2));
    if (moved) this.onScroll();
  }

  /** Lets dust rise and be heard what there was a reason for since the last frame. */
  #stirUp({ agents, feeling }: View, still: boolean, seconds: number): void {
    const { dust, smoke, engine } = presentationOf(this.#world);
    const fall = feeling?.fall ?? null;
    const fell = fall && fall.age < 0.1 && (this.#fallAge === null || fall.age < this.#fallAge);
    this.#fallAge = fall?.age ?? null;
    if (fell && !this.#isSilent) crash();
    if (fell && dust && !still) this.#dust.burst(fall.x, fall.y, feeling!.pose.heading!, dust);
    const { agent } = this.#world.picture;
    for (const [i, { pose, look }] of agents.entries()) {
      if (!smoke || look !== undefined || still || seconds === 0) continue;
      for (const { x, y } of smokeFrom(this.#before[i], pose, agent, smoke.from, seconds))
        this.#dust.smoke(x, y, smoke.tone);
    }
    if (engine && !this.#isSilent) hear(feeling ? this.#heard(feeling, engine, seconds) : null);
    this.#before = agents.map(({ pose }) => pose);
    this.#dust.pass(seconds);
  }

  #heard({ pose, ...felt }: Feeling, usual: number, seconds: number): Heard | null {
    const was = this.#felt;
    this.#felt = pose;
    const way = was && seconds > 0 ? Math.hypot(pose.x - was.x, pose.y - was.y) : 0;
    if (way === 0) return null;
    const wind = windAt({ ...felt, pose }, pose.x, pose.y)?.strength ?? 0;
    return { speed: way / seconds / usual, wind };
  }

  #draw(view: View, still: boolean): void {
    const [below, above] = [this.#below.clear(), this.#above.clear()];
    const world = this.#world;
    const frame = this.#frame!;
    const colours = this.#colours;
    const textures = this.#textures;
    for (const sprites of [this.#cast, this.#plants, this.#air]) sprites.begin();
    if (view.field) drawField(below, view.field, frame, colours);
    for (const { points, style } of view.trails) {
      if (style === "past") drawTracks(below, world, points, frame, colours);
    }
    for (const trail of view.trails) drawTrail(below, trail, frame, colours);
    for (const fall of view.falls) drawFall(below, fall, frame, colours);
    if (view.lit) putLight(this.#cast, textures, view.lit, world.picture.agent, frame, colours);
    for (const agent of view.agents) {
      drawWheel(below, world, agent, frame, colours);
      putAgent(this.#cast, textures, world, agent, frame, colours);
      drawPlace(above, agent, frame, colours);
    }
    const { width, height } = this.#ground;
    const { feeling } = view;
    putPlants(this.#plants, textures, world, feeling, still, frame, width, height, colours);
    this.#dust.draw(this.#air, textures, frame, colours);
    if (feeling?.gust) drawGust(above, feeling.gust, !still, frame, colours);
    if (view.ring) drawRing(above, view.ring, world.picture, frame, colours);
    if (view.cursor) drawCursor(above, view.cursor, frame, colours);
    for (const sprites of [this.#cast, this.#plants, this.#air]) sprites.end();
  }

  /** Finds out whether the canvas would show something else. */
  #compare(): void {
    const { scrollX, scrollY, zoom } = this.cameras.main;
    const now = [
      scrollX,
      scrollY,
      zoom,
      ...this.#below.commandBuffer,
      ...this.#cast.put,
      ...this.#plants.put,
      ...this.#air.put,
      ...this.#above.commandBuffer,
    ];
    const shown = this.#shown;
    if (shown && shown.length === now.length && now.every((one, i) => one === shown[i])) return;
    this.#shown = now;
    this.#isNew = true;
  }

  #paint({ background, map, heat }: Pick<View, "background" | "map" | "heat">): void {
    const frame = this.#frame!;
    this.#painted = { background, map, heat };
    this.#shown = null;
    const { context } = this.#ground.clear();
    context.drawImage(this.#land, 0, 0);
    if (map) paintMap(context, map, this.#world, frame, this.#colours);
    for (const one of heat ?? []) paintHeat(context, one, frame, this.#colours);
    for (const trail of background) paintTrail(context, trail, frame, this.#colours);
    this.#ground.refresh();
  }
}
