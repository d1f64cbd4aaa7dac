import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo } from "preact/hooks";
import type { Level } from "../../../shared/worlds/level.ts";
import { shadeColour } from "../../drawing/scale.ts";
import { useKey } from "../../ui/keys.tsx";
import type { Driving } from "../activities/driving.ts";
import type { Classroom } from "../classroom.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { type Layer, layersOf } from "../reward-map.ts";
import { Working } from "../working.tsx";
import { Facts } from "./facts.tsx";
import { TurnLoose } from "./loose.tsx";
import { Mapping } from "./mapping.ts";
import { MostInformative } from "./most-informative.tsx";
import { sayWeights, WeightBars } from "./weights.tsx";

export function Reward({ room, world }: { room: Classroom; world: Level }) {
  const { inference, demonstrations, taste } = room.lesson.value;
  const newest = demonstrations.at(-1)?.seq ?? 0;
  const stale =
    !inference || newest > inference.basis || inference.demonstrations !== demonstrations.length;
  const infer = () => void room.infer();
  useKey("KeyR", infer);
  useEffect(() => {
    if (stale) infer();
  }, [stale]);

  const layers = useMemo(
    () => (inference ? layersOf(world, inference, taste) : []),
    [world, inference, taste],
  );
  const chosen = useSignal("maxent");
  const loose = useSignal<Driving | null>(null);
  const layer = layers.find(({ name }) => name === chosen.value) ?? layers[0];

  const mapping = useMemo(() => {
    if (layers.length === 0) return null;
    const current = () => layers.find(({ name }) => name === chosen.peek()) ?? layers[0]!;
    return new Mapping(() => current().map, demonstrationTrails(room.lesson.peek()), room.controls);
  }, [room, layers, chosen]);
  const shown = loose.value ?? mapping;
  useLayoutEffect(() => {
    room.show(shown);
    return () => room.show(null);
  }, [room, shown]);
  useEffect(() => {
    if (!inference) return;
    room.news.value = `The reward map is here. ${sayWeights(world, inference)}`;
  }, [room, world, inference]);
  const tile = mapping?.tile.value ?? null;
  useEffect(() => {
    if (!layer || shown !== mapping) return;
    room.caption.value = tile === null ? layer.title : sayTile(world, layer, tile);
    if (tile !== null) room.news.value = room.caption.value;
  }, [room, world, layer, mapping, shown, tile]);

  return (
    <>
      <h2>What you were after</h2>
      {!inference && (
        <p>
          Inverse reinforcement learning: the reward under which doing what you did is what one
          would do.
        </p>
      )}
      <Working room={room} work="infer" words="Asking what would make you do that" />
      {inference && layer && (
        <>
          <p class="in-words">{sayWeights(world, inference)}</p>
          <fieldset class="layers">
            <legend class="hidden">What the map shows</legend>
            {layers.map(({ name, title }) => (
              <label key={name}>
                <input
                  type="radio"
                  name="layer"
                  checked={name === layer.name}
                  onChange={() => {
                    chosen.value = name;
                  }}
                />
                {title}
              </label>
            ))}
          </fieldset>
          <Legend layer={layer} />
          <WeightBars world={world} inferred={inference} />
          {!stale && (
            <>
              <MostInformative room={room} world={world} inference={inference} />
              <TurnLoose room={room} world={world} weights={inference.weights} loose={loose} />
            </>
          )}
          <Facts room={room} world={world} inference={inference} />
        </>
      )}
      <p class="next">
        {stale && (
          <button type="button" class="primary" disabled={room.busy.value} onClick={infer}>
            {inference ? "Infer again" : "Infer it"} <kbd>R</kbd>
          </button>
        )}
        <button type="button" onClick={() => room.go("demonstrate")}>
          Demonstrate more <kbd>1</kbd>
        </button>
      </p>
    </>
  );
}

function Legend({ layer: { least, most, format, words } }: { layer: Layer }) {
  const stops = Array.from({ length: 13 }, (_, i) => shadeColour(i / 12));
  return (
    <figure class="legend">
      <div class="ramp" style={{ background: `linear-gradient(to right, ${stops.join(",")})` }} />
      <div class="ramp-numbers figures">
        <span>{format(least)}</span>
        <span>{format((least + most) / 2)}</span>
        <span>{format(most)}</span>
      </div>
      <figcaption>{words}</figcaption>
    </figure>
  );
}

/** Where a tile is, where the world has words for it, and what the layer says of it. */
function sayTile(world: Level, layer: Layer, tile: number): string {
  const { cell } = world.lattice.tiles[tile]!;
  return [world.names?.cell(cell), layer.say(tile)].filter(Boolean).join(": ");
}
