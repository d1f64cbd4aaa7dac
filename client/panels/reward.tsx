import { useEffect, useLayoutEffect } from "preact/hooks";
import type { World } from "../../shared/worlds/world.ts";
import type { Classroom } from "../classroom.ts";
import { formatTime } from "../derived.ts";
import { useKey } from "../keys.tsx";
import { Still } from "../play/still.ts";
import { rewardColour } from "../stage/colours.ts";
import { Working } from "./working.tsx";

export function Reward({ room, world }: { room: Classroom; world: World }) {
  const { inference, demonstrations } = room.lesson.value;
  const newest = demonstrations.at(-1)?.seq ?? 0;
  const stale =
    !inference || newest > inference.basis || inference.demonstrations !== demonstrations.length;
  const infer = () => void room.infer();
  useKey("KeyR", infer);
  useKey("Enter", infer);

  useEffect(() => {
    if (stale) infer();
  }, [stale]);
  useLayoutEffect(() => {
    if (!inference) return;
    const { reward, visits } = inference;
    room.show(new Still({ map: { tiles: world.lattice.tiles, reward, visits } }));
    room.news.value = `The reward map is here. ${sayWeights(world, inference.weights)}`;
    return () => room.show(null);
  }, [room, world, inference]);

  return (
    <>
      <h2>What you were after</h2>
      <p>
        Inverse reinforcement learning: the reward under which doing what you did is what one would
        do.
      </p>
      <Working room={room} work="infer" words="Asking what would make you drive like that" />
      {inference && (
        <>
          <Legend reward={inference.reward} />
          <h3>In words</h3>
          <p>{sayWeights(world, inference.weights)}</p>
          <Weights names={world.lattice.featureNames} weights={inference.weights} />
          <dl class="facts">
            <dt>From</dt>
            <dd>
              {inference.demonstrations}{" "}
              {inference.demonstrations === 1 ? "demonstration" : "demonstrations"}
              {inference.impossible > 0 &&
                `; ${inference.impossible} steps that the model cannot take were left out`}
            </dd>
            <dt>Solved</dt>
            <dd>
              {inference.iterations} iterations, {formatTime(inference.ms)}, gradient{" "}
              {inference.gradientNorm.toExponential(0)}
            </dd>
          </dl>
        </>
      )}
      <p class="next">
        <button type="button" class="primary" disabled={room.busy.value} onClick={infer}>
          {inference ? "Infer again" : "Infer my reward"} <kbd>R</kbd>
        </button>
        <button type="button" onClick={() => room.go("demonstrate")}>
          Demonstrate more <kbd>1</kbd>
        </button>
      </p>
    </>
  );
}

function Legend({ reward }: { reward: readonly number[] }) {
  const least = Math.min(...reward);
  const most = Math.max(...reward);
  const stops = Array.from({ length: 13 }, (_, i) => rewardColour(i / 12, 0, 1));
  const say = (value: number) => value.toFixed(2).replace("-0.00", "0.00").replace("-", "−");
  return (
    <figure class="legend">
      <div class="ramp" style={{ background: `linear-gradient(to right, ${stops.join(",")})` }} />
      <div class="ramp-numbers figures">
        <span>{say(least)}</span>
        <span>{say((least + most) / 2)}</span>
        <span>{say(most)}</span>
      </div>
      <figcaption>
        Reward for being there, up to an added constant. Paler: you were never there, so it is only
        inferred.
      </figcaption>
    </figure>
  );
}

function Weights({ names, weights }: { names: readonly string[]; weights: readonly number[] }) {
  const most = Math.max(...weights.map(Math.abs), 1e-9);
  return (
    <ul class="weights">
      {names.map((name, i) => {
        const weight = weights[i]!;
        const width = `${(50 * Math.abs(weight)) / most}%`;
        return (
          <li key={name}>
            <span>{name}</span>
            <span class="weight-bar" aria-hidden="true">
              <span
                class={weight < 0 ? "minus" : "plus"}
                style={weight < 0 ? { right: "50%", width } : { left: "50%", width }}
              />
            </span>
            <span class="figures">{`${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** The weights as one would say them, strongest first; those that hardly count are left out. */
function sayWeights(world: World, weights: readonly number[]): string {
  const most = Math.max(...weights.map(Math.abs));
  const said = world.lattice.featureNames
    .map((name, i) => ({ name, weight: weights[i]! }))
    .filter(({ weight }) => Math.abs(weight) > 0.15 * most)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const list = (sign: number) =>
    new Intl.ListFormat("en").format(
      said.filter(({ weight }) => Math.sign(weight) === sign).map(({ name }) => name),
    );
  const [likes, avoids] = [list(1), list(-1)];
  if (!likes && !avoids) return "Nothing in particular yet.";
  return [likes && `You like being ${likes}.`, avoids && `You avoid being ${avoids}.`]
    .filter(Boolean)
    .join(" ");
}
