import type { Level } from "../../shared/worlds/level.ts";
import { Drawing } from "../drawing/svg.tsx";
import { terrainAt, terrainTile } from "./garden-tiles.ts";
import "./garden-prices.css";

/** What a step on each terrain costs: what it is worth less than being at home. */
export function Prices({ world, weights }: { world: Level; weights: readonly number[] }) {
  const features = new Float64Array(world.lattice.nFeatures);
  const worth = new Map<string, number>();
  for (const tile of world.lattice.tiles) {
    const terrain = terrainAt(world.picture, tile);
    if (terrain === null || worth.has(terrain)) continue;
    world.lattice.features(tile.cell, features);
    worth.set(
      terrain,
      features.reduce((sum, feature, k) => sum + feature * weights[k]!, 0),
    );
  }
  const home = worth.get("home") ?? 0;
  const prices = [...worth]
    .filter(([terrain]) => terrain !== "home")
    .map(([terrain, reward]) => ({ terrain, price: home - reward }))
    .sort((a, b) => a.price - b.price);
  return (
    <>
      <p class="hint">Get home at the lowest cost. One step costs:</p>
      <ul class="prices">
        {prices.map(({ terrain, price }) => (
          <li key={terrain}>
            <svg viewBox="-.5 -.5 1 1" aria-hidden="true">
              <Drawing primitives={[terrainTile(0, 0, 1, terrain)]} />
            </svg>
            <span>{terrain}</span>
            <b class="figures">{Number(price.toFixed(2))}</b>
          </li>
        ))}
      </ul>
    </>
  );
}
