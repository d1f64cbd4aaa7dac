import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { isHelped, type Level } from "../../../shared/worlds/level.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { digitKey, letterKey } from "../../ui/keyboard.ts";
import type { PersonDrive } from "../activities/person-drive.ts";
import { Still } from "../activities/still.ts";
import { sayStuck } from "../activities/whereabouts.tsx";
import { CourseGoal } from "../course-goal.tsx";
import { demonstrationTrails } from "../demonstrations.ts";
import { Guess } from "../guess.tsx";
import { guessOf, keepGuess } from "../guesses.ts";
import { colourOn, type Layer, layersOf } from "../reward-map.ts";
import { type PanelProps, useScene } from "../state.ts";
import { Untellable } from "../untellable.tsx";
import { Working } from "../working.tsx";
import { Facts, Found, useScores } from "./facts.tsx";
import { questionOn, sayGuessed } from "./guess.ts";
import { JointLine, useJoint } from "./joint.tsx";
import { newPlace, TurnLoose } from "./loose.tsx";
import { MapView } from "./map-view.ts";
import { MostInformative } from "./most-informative.tsx";
import { sayWeights, WeightBars } from "./weights.tsx";

export function Reward({ state, on, world, controls }: PanelProps) {
  const { inference, demonstrations, taste } = state.lesson.value;
  const newest = demonstrations.at(-1)?.seq ?? 0;
  const owner = state.owner.value;
  const stale =
    !inference || newest > inference.basis || inference.demonstrations !== demonstrations.length;
  const held = state.held("infer");
  const isHeld = held !== null;
  const infer = useCommand({
    key: letterKey("R"),
    label: inference ? "Work it out again" : "Work it out",
    available: stale && !state.busy.value && owner && held === null,
    run: () => void on.infer(),
  });
  const more = useCommand({
    key: digitKey(1),
    label: "Demonstrate more",
    available: owner,
    run: () => on.go("demonstrate"),
  });
  useEffect(() => {
    if (stale && owner && !isHeld) void on.infer();
  }, [on, stale, owner, isHeld]);

  const question = useMemo(() => questionOn(world), [world]);
  const guess = useSignal(guessOf(state.id, "reward"));
  const asks = guess.value === undefined;
  const choose = (choice: number | null) => {
    keepGuess(state.id, "reward", choice);
    guess.value = choice;
    hasChosen.current = true;
  };
  const heading = useRef<HTMLHeadingElement>(null);
  const hasChosen = useRef(false);
  const joint = useJoint(state, world, inference);
  const found = asks ? null : joint.inference;
  // Of a walk that is left out, only the lesson's own map foretells.
  const isOwn = joint.inference === inference;
  const layers = useMemo(() => (found ? layersOf(world, found, taste) : []), [world, found, taste]);
  const scores = useScores(state, world, found);
  const chosen = useSignal("maxent");
  const loose = useSignal<PersonDrive | null>(null);
  const looseWords = useSignal<string | null>(null);
  const layer = layers.find(({ name }) => name === chosen.value) ?? layers[0];

  const mapping = useMemo(() => {
    if (layers.length === 0) return null;
    const current = () => layers.find(({ name }) => name === chosen.peek()) ?? layers[0]!;
    return new MapView(() => current().map, demonstrationTrails(state.lesson.peek()), controls);
  }, [state, controls, layers, chosen]);
  const still = useMemo(
    () => new Still({ background: demonstrationTrails(state.lesson.peek()) }),
    [state],
  );
  const shown = loose.value ?? mapping ?? still;
  useScene(on, shown, () => {
    if (loose.value?.isStuck.value) return sayStuck();
    if (loose.value) return looseWords.value ?? newPlace;
    const now = layers.find(({ name }) => name === chosen.value) ?? layers[0];
    if (!now || !mapping) return null;
    const tile = mapping.tile.value;
    return tile === null ? now.title : sayTile(world, now, tile);
  });
  useEffect(() => {
    if (!found) return;
    on.say(`The reward map is here. ${sayWeights(world, found)}`);
  }, [on, world, found]);
  // The choices may have been far below what the guess is now told to be.
  useEffect(() => {
    if (!found || !hasChosen.current) return;
    hasChosen.current = false;
    heading.current!.focus({ preventScroll: true });
    heading.current!.scrollIntoView({ block: "start" });
  }, [found, guess.value]);
  const tile = mapping?.tile.value ?? null;
  useEffect(() => {
    if (layer && tile !== null && shown === mapping) on.say(sayTile(world, layer, tile));
  }, [on, world, layer, mapping, shown, tile]);

  return (
    <>
      <h2 tabIndex={-1} ref={heading}>
        What you want
      </h2>
      {!found && (
        <p>
          From your demonstrations the computer works out what you like and what you avoid. This is
          called inverse reinforcement learning.
        </p>
      )}
      {asks && <Guess question={question.words} choices={question.choices} choose={choose} />}
      <Working state={state} on={on} work="infer" words="Working out what you like" />
      {found && layer && (
        <>
          {guess.value != null && <p class="guessed">{sayGuessed(world, guess.value, found)}</p>}
          <JointLine state={state} world={world} joint={joint} />
          <p class="in-words">{sayWeights(world, found)}</p>
          {isHelped(world) && <p>The car helped you to steer, so the map shows its help, too.</p>}
          <Untellable world={world} />
          <Layers layers={layers.filter(({ isCurious }) => !isCurious)} chosen={chosen} />
          <Legend layer={layer} />
          <WeightBars world={world} inferred={found} />
          <Found scores={scores} />
          <CourseGoal state={state} on={on} />
          {!stale && (
            <>
              {owner && <MostInformative state={state} on={on} world={world} inference={found} />}
              <TurnLoose
                state={state}
                on={on}
                world={world}
                controls={controls}
                weights={found.weights}
                loose={loose}
                words={looseWords}
              />
            </>
          )}
          <details class="curious">
            <summary>For the curious</summary>
            <p>
              Maximum entropy inverse reinforcement learning: the reward map is the reward under
              which your demonstrations are most likely. Its numbers are nats for each visit. In
              brackets, and as a line: the 90 % interval.
            </p>
            <Layers layers={layers.filter(({ isCurious }) => isCurious)} chosen={chosen} />
            <Facts world={world} inference={found} scores={scores} isOwn={isOwn} />
          </details>
        </>
      )}
      <p class="next">
        {stale && <CommandButton command={infer} primary />}
        {owner && <CommandButton command={more} />}
      </p>
      {stale && held && <p class="quiet-text">{held}</p>}
    </>
  );
}

/** What the map can show. */
function Layers({ layers, chosen }: { layers: readonly Layer[]; chosen: Signal<string> }) {
  return (
    <fieldset class="layers">
      <legend class="hidden">What the map shows</legend>
      {layers.map(({ name, title }) => (
        <label key={name}>
          <input
            type="radio"
            name="layer"
            checked={name === chosen.value}
            onChange={() => {
              chosen.value = name;
            }}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}

function Legend({ layer: { scale, words } }: { layer: Layer }) {
  const { least, most, isSigned, format } = scale;
  const stops = Array.from({ length: 13 }, (_, i) => colourOn(scale, i / 12));
  return (
    <figure class="legend">
      <div
        class={isSigned ? "ramp signed" : "ramp"}
        style={{ background: `linear-gradient(to right, ${stops.join(",")})` }}
      />
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
