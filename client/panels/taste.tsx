import type { Terrain, World } from "../../shared/worlds/world.ts";
import type { Classroom } from "../classroom.ts";
import { TerrainTile } from "../thumbnail.tsx";

/** What the person is asked to like, and what a step costs under it; or that they may like what they like. */
export function TasteCard({ room, world }: { room: Classroom; world: World }) {
  const { taste, demonstrations } = room.lesson.value;
  const tastes = world.tastes!;
  const names = Object.keys(tastes);
  const deal = async (name: string | null) => {
    if (!(await room.ask("deal", { taste: name }))) return;
    room.news.value = name ? tastes[name]!.words : "Your own taste.";
  };
  const next = names[(names.indexOf(taste ?? "") + 1) % names.length]!;
  return (
    <section class="taste" aria-label="Your taste">
      <h3>{taste ? "Your secret taste" : "Your own taste"}</h3>
      <p>
        {taste
          ? tastes[taste]!.words
          : "Love and hate what you like: the map will show what it was."}
      </p>
      {taste && <Prices world={world} weights={tastes[taste]!.weights} />}
      {demonstrations.length === 0 && (
        <p class="choices">
          <button type="button" onClick={() => void deal(next)}>
            {taste ? "Deal another" : "Deal me one"}
          </button>
          {taste && (
            <button type="button" onClick={() => void deal(null)}>
              Play my own
            </button>
          )}
        </p>
      )}
    </section>
  );
}

/** What a step on each terrain costs: what it is worth less than being at home. */
function Prices({ world, weights }: { world: World; weights: readonly number[] }) {
  const features = new Float64Array(world.lattice.nFeatures);
  const worth = new Map<Terrain, number>();
  for (const { x, y, cell } of world.lattice.tiles) {
    const shape = world.stage.shapes.find(
      (shape) => shape.kind === "tile" && shape.x === x && shape.y === y,
    );
    if (shape?.kind !== "tile" || worth.has(shape.terrain)) continue;
    world.lattice.features(cell, features);
    worth.set(
      shape.terrain,
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
      <p class="hint">Get home as cheaply as you can. A step costs</p>
      <ul class="prices">
        {prices.map(({ terrain, price }) => (
          <li key={terrain}>
            <svg viewBox="-.5 -.5 1 1" aria-hidden="true">
              <TerrainTile terrain={terrain} />
            </svg>
            <span>{terrain}</span>
            <b class="figures">{Number(price.toFixed(2))}</b>
          </li>
        ))}
      </ul>
    </>
  );
}
