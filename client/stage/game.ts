import Phaser from "phaser";
import type { StageScene } from "./scene.ts";

/** Phaser's game, which renders only what is new: a picture at rest costs little. */
export class StageGame extends Phaser.Game {
  readonly #stage: StageScene;
  /** Whether it has ended, its renderer too. */
  #isOver = false;

  constructor(config: Phaser.Types.Core.GameConfig, stage: StageScene) {
    super({ ...config, scene: stage });
    this.#stage = stage;
    this.events.once("destroy", () => {
      this.#isOver = true;
    });
  }

  override step(time: number, delta: number): void {
    this.headlessStep(time, delta);
    const { renderer } = this;
    if (this.#isOver || !renderer || this.isPaused || !this.#stage.takeNews()) return;
    renderer.preRender();
    this.scene.render(renderer);
    renderer.postRender();
  }
}
