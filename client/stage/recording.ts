import Phaser from "phaser";
import type { Level } from "../../shared/worlds/level.ts";
import type { Activity } from "./activity.ts";
import { StageGame } from "./game.ts";
import { StageScene } from "./scene.ts";

/** Milliseconds and steps in which the camera has come to where a new activity begins. */
const settling = { step: 100, steps: 12 };
/** Longest step in which dust rises and the camera follows as they do on the stage, ms. */
const longestStep = 34;

/**
 * A stage that nobody looks at, and whose time passes only when it is told to: what is taken of it is the
 * same however fast the machine is.
 */
export class Recording {
  readonly #game: StageGame;
  readonly #scene: StageScene;
  #time = 0;

  private constructor(game: StageGame, scene: StageScene) {
    this.#game = game;
    this.#scene = scene;
  }

  static async open(world: Level, width: number, height: number): Promise<Recording> {
    const scene = new StageScene(world, { silent: true });
    const game = new StageGame(
      {
        // Its pixels are read, which a graphics card is slow at.
        type: Phaser.CANVAS,
        parent: null,
        width,
        height,
        clearBeforeRender: false,
        scale: { mode: Phaser.Scale.NONE },
        input: { keyboard: false, mouse: false, touch: false, gamepad: false },
        audio: { noAudio: true },
        banner: false,
      } as unknown as Phaser.Types.Core.GameConfig,
      scene,
    );
    await new Promise<void>((ready) => game.events.once("ready", ready));
    game.loop.stop();
    return new Recording(game, scene);
  }

  /** From now on it is this that is seen, as it is before any time has passed. */
  turnTo(activity: Activity): void {
    this.#scene.activity = activity;
    this.#scene.paused = true;
    for (let i = 0; i < settling.steps; i++) this.#pass(settling.step);
    this.#scene.paused = false;
  }

  /** What there is to see once `seconds` more have passed; it is the same canvas each time. */
  after(seconds: number): HTMLCanvasElement {
    const steps = Math.max(1, Math.ceil((1000 * seconds) / longestStep));
    const step = (1000 * seconds) / steps;
    for (let i = 1; i < steps; i++) this.#pass(step);
    this.#time += step;
    this.#game.step(this.#time, step);
    return this.#game.canvas;
  }

  close(): void {
    this.#game.destroy(true);
    // It is destroyed in its next step, which its stopped clock would not bring.
    this.#pass(0);
  }

  /** Lets time pass without rendering, of which there would be nothing to see. */
  #pass(milliseconds: number): void {
    this.#time += milliseconds;
    this.#game.headlessStep(this.#time, milliseconds);
  }
}
