import Phaser from "phaser";
import type { StageScene } from "./scene.ts";

/** Phaser's game, which renders only what is new: a picture at rest costs little. */
export class StageGame extends Phaser.Game {
  readonly #stage: StageScene;

  constructor(config: Phaser.Types.Core.GameConfig, stage: StageScene) {
    super({ ...config, scene: stage });
    this.#stage = stage;
  }

  override step(time: number, delta: number): void {
    // The step after it was told to end is the end, of its renderer too.
    const isLast = this.pendingDestroy;
    this.headlessStep(time, delta);
    const { renderer } = this;
    if (isLast || !renderer || this.isPaused || !this.#stage.takeNews()) return;
    renderer.preRender();
    this.scene.render(renderer);
    renderer.postRender();
  }
}
