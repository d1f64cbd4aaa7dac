import { steering } from "../../shared/worlds/road/dynamics.ts";
import { fair } from "../../shared/worlds/road/levels.ts";
import { findCar } from "../browser/sight.ts";
import { type Engine, type KeyName, press, until } from "./engine.ts";

/** Seconds that a drive of ten may take where few frames come in a second. */
const patience = 240;

type Colour = readonly [number, number, number];
const expert: Colour = [27, 158, 119];
const learner: Colour = [217, 95, 2];

/** What was told of the clone and of the learner after the answers, in laps before the first crash. */
export interface Played {
  readonly clone: number;
  readonly learner: number;
  readonly answers: number;
}

/** Plays the first level as far as its second round, by keys alone and by looking at the picture. */
export async function playFirstLevel(engine: Engine, address: string): Promise<Played> {
  await engine.go(address);
  await present(engine, ".play");
  await press(engine, "Enter");
  await present(engine, ".saved.open");
  await present(engine, ".stage canvas");
  await until("the car", () => see(engine, expert));
  await demonstrate(engine);

  await press(engine, "c");
  await heading(engine, "Watch the clone");
  const clone = await watch(engine);

  await press(engine, "Enter");
  await heading(engine, "Answer the questions");
  let answers = 0;
  for (let left = await questionsLeft(engine); left > 0; left--) {
    await until(`question ${answers + 1}`, async () => (await questionsLeft(engine)) === left);
    await until("the words beside it", () =>
      engine.run("return document.body.innerText.includes('What would you do here?')"),
    );
    await answer(engine);
    answers++;
  }
  await until("all answers", async () => (await questionsLeft(engine)) === 0);
  await press(engine, "Enter");
  await heading(engine, "Round 2");
  return { clone, learner: await watch(engine), answers };
}

/** Steers by the arrow keys until there is a demonstration. */
async function demonstrate(engine: Engine): Promise<void> {
  const hands = new Hands(engine);
  const drives = () => engine.run("return document.querySelectorAll('.episodes li').length");
  const state = new Float64Array(3);
  const action = new Float64Array(1);
  let before: { x: number; y: number } | null = null;
  // Any key starts it.
  await hands.hold("ArrowLeft");
  await until(
    "a demonstration",
    async () => {
      const here = await see(engine, expert);
      if (here && before && Math.hypot(here.x - before.x, here.y - before.y) > 0.01) {
        const [dx, dy] = [here.x - before.x, here.y - before.y];
        // By the time that a key is heard the car is farther on.
        state.set([here.x + dx, here.y + dy, Math.atan2(dy, dx)]);
        fair.expert(state, action);
        await hands.turnTo(action[0]! / steering);
      }
      before = here;
      return (await drives()) !== 0;
    },
    patience,
  );
  await hands.hold(null);
}

/** Says by the arrow keys what would keep the car to the middle of the road. */
async function answer(engine: Engine): Promise<void> {
  const car = await see(engine, learner);
  const place = { along: 0, offset: 0, heading: 0, curvature: 0 };
  const action = new Float64Array(1);
  if (car) {
    fair.track.locate(car.x, car.y, place);
    fair.expert(Float64Array.of(car.x, car.y, place.heading), action);
  }
  const key = action[0]! > 0 ? "ArrowLeft" : "ArrowRight";
  await engine.down(key);
  await new Promise((later) => setTimeout(later, 150 + (750 * Math.abs(action[0]!)) / steering));
  await engine.up(key);
  await press(engine, "Enter");
}

/** Guesses, sees all there is to see, and reads what is told. */
async function watch(engine: Engine): Promise<number> {
  await present(engine, ".guess, .scores");
  if (await engine.run("return document.querySelector('.guess') !== null"))
    await press(engine, "d");
  await present(engine, ".scores dd");
  return Number(await engine.run("return document.querySelector('.scores dd').textContent"));
}

/** Arrow keys, and where they have turned the wheel to. */
class Hands {
  readonly #engine: Engine;
  #held: KeyName | null = null;
  #wheel = 0;
  #at = performance.now();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Presses the key that brings the wheel nearer to `share` of its full turn, to the left positive. */
  async turnTo(share: number): Promise<void> {
    const now = performance.now();
    const seconds = (now - this.#at) / 1000;
    this.#at = now;
    const goal = this.#held === "ArrowLeft" ? 1 : this.#held === "ArrowRight" ? -1 : 0;
    const gap = goal - this.#wheel;
    const most = seconds / (goal === 0 ? 0.2 : 0.35);
    this.#wheel += Math.sign(gap) * Math.min(Math.abs(gap), most);
    const error = share - this.#wheel;
    if (Math.abs(error) < 0.1 && Math.abs(share) > 0.1) return;
    await this.hold(
      error > 0.1 && share > -0.1 ? "ArrowLeft" : error < -0.1 && share < 0.1 ? "ArrowRight" : null,
    );
  }

  async hold(key: KeyName | null): Promise<void> {
    if (key === this.#held) return;
    if (this.#held) await this.#engine.up(this.#held);
    if (key) await this.#engine.down(key);
    this.#held = key;
  }
}

/** Where the car of this colour is, in the road's units. */
async function see(engine: Engine, colour: Colour): Promise<{ x: number; y: number } | null> {
  const seen = (await engine.run(`
    const stage = document.querySelector(".stage canvas");
    const { width, height } = stage;
    let canvas = stage;
    if (!stage.getContext("2d")) {
      // What a graphics card has drawn can be read in the same frame only.
      await new Promise((frame) => requestAnimationFrame(frame));
      canvas = Object.assign(document.createElement("canvas"), { width, height });
      canvas.getContext("2d").drawImage(stage, 0, 0);
    }
    const car = (${findCar})(${JSON.stringify(colour)}, canvas);
    return car && { ...car, width, height };
  `)) as { x: number; y: number; width: number; height: number } | null;
  if (!seen) return null;
  const { left, right, bottom, top } = fair.picture.bounds;
  const { width, height } = seen;
  const scale = Math.min(width / (right - left), height / (top - bottom));
  return {
    x: (left + right) / 2 + ((seen.x - 0.5) * width) / scale,
    y: (bottom + top) / 2 - ((seen.y - 0.5) * height) / scale,
  };
}

const questionsLeft = async (engine: Engine) =>
  Number(await engine.run("return document.querySelector('.left b')?.textContent ?? NaN"));

const present = (engine: Engine, selector: string) =>
  until(selector, () =>
    engine.run(`return document.querySelector(${JSON.stringify(selector)}) !== null`),
  );

const heading = (engine: Engine, words: string) =>
  until(`"${words}"`, () =>
    engine.run(
      `return [...document.querySelectorAll("h2")].some((h2) => h2.textContent === ${JSON.stringify(words)})`,
    ),
  );
