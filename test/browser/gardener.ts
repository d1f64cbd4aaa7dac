import type { Page } from "playwright-core";
import { garden } from "../../shared/worlds/garden/levels.ts";
import type { Terrain } from "../../shared/worlds/garden/plot.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { pixelOf } from "./pointers.ts";

/** What grows on each tile of a garden, row by row. */
export const terrainsOf = ({ picture }: Level) =>
  picture.shapes.map((shape) => (shape.kind === "tile" ? shape.terrain : "wall"));
const moves = [
  { key: "ArrowUp", row: -1, column: 0 },
  { key: "KeyS", row: 1, column: 0 },
  { key: "ArrowLeft", row: 0, column: -1 },
  { key: "ArrowRight", row: 0, column: 1 },
];

/** What a step onto each terrain costs. */
export type Prices = Readonly<Record<Terrain, number>>;
export const anyWay: Prices = {
  lawn: 1,
  flowers: 1,
  mud: 1,
  puddle: 1,
  gravel: 1,
  home: 1,
  wall: Number.POSITIVE_INFINITY,
};

/** Cost of the cheapest way home from each tile, not counting the tile itself (Bellman and Ford). */
function costsHome(terrains: readonly string[], prices: Prices): number[] {
  const costs = terrains.map((terrain) => (terrain === "home" ? 0 : Number.POSITIVE_INFINITY));
  for (let round = 0; round < costs.length; round++) {
    terrains.forEach((_, tile) => {
      for (const move of moves) {
        const next = beside(terrains, tile, move);
        if (next !== null)
          costs[tile] = Math.min(costs[tile]!, prices[terrains[next]! as Terrain] + costs[next]!);
      }
    });
  }
  return costs;
}

function beside(
  { length }: readonly string[],
  tile: number,
  { row, column }: { row: number; column: number },
): number | null {
  const side = Math.sqrt(length);
  const to = [Math.floor(tile / side) + row, (tile % side) + column] as const;
  return to.every((i) => i >= 0 && i < side) ? to[0] * side + to[1] : null;
}

/** Presses the key of a move. */
const pressKey: Step = (page, { key }) => page.keyboard.press(key);

/** Taps on the tile that a move leads to. */
export const tapTile: Step = async (page, _move, tile) => {
  const { x, y } = garden.lattice.tiles.find(({ cell }) => cell === tile)!;
  const at = await pixelOf(page, garden, [x, y]);
  await page.touchscreen.tap(at.x, at.y);
};

type Step = (page: Page, move: (typeof moves)[number], tile: number) => Promise<void>;

/** Walks home on a cheapest way, reading from the page where it is. */
export async function walkHome(
  page: Page,
  prices: Prices = anyWay,
  step: Step = pressKey,
  level: Level = garden,
): Promise<void> {
  const terrains = terrainsOf(level);
  const side = Math.sqrt(terrains.length);
  const costs = costsHome(terrains, prices);
  const walked = page.locator(".episodes li");
  const before = await walked.count();
  const place = page.locator(".whereabouts");
  const presses: number[] = [];
  for (let said = ""; (await walked.count()) === before; ) {
    // Who slips into a hedge is where they were, a step later.
    const text = await place
      .evaluate(({ dataset, textContent }) => `${textContent} ${dataset.time}`, undefined, {
        timeout: 5000,
      })
      .catch(() => said);
    // A first press that came too early for a new walk is made again.
    const ignored = presses.length === 1 && Date.now() - presses[0]! > 1000;
    if (text === said && !ignored) {
      await page.waitForTimeout(20);
      continue;
    }
    said = text!;
    presses.push(Date.now());
    const [row, column] = said.match(/\d+/g)!.map(Number) as [number, number];
    const tile = (row - 1) * side + column - 1;
    const worth = (move: (typeof moves)[number]) => {
      const next = beside(terrains, tile, move);
      return next === null
        ? Number.POSITIVE_INFINITY
        : prices[terrains[next]! as Terrain] + costs[next]!;
    };
    const best = moves.reduce((a, b) => (worth(b) < worth(a) ? b : a));
    await step(page, best, beside(terrains, tile, best)!);
  }
}
