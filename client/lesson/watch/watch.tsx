import { useSignal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { cellsOf, shareNeverShown } from "../../../shared/imitation/errors.ts";
import { mean } from "../../../shared/imitation/statistics.ts";
import { strokeOf } from "../../drawing/trails.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { enterKey, letterKey } from "../../ui/keyboard.ts";
import { formatMeasure, formatTime } from "../../worlds/format.ts";
import { pathOfEpisode, trajectoryOf } from "../../worlds/replays.ts";
import type { PersonDrive } from "../activities/person-drive.ts";
import { Replay } from "../activities/replay.ts";
import { demonstrationTrails, ownMeasure } from "../demonstrations.ts";
import { Chart } from "../learning-curve.tsx";
import { type PanelProps, useScene } from "../state.ts";
import { Errors } from "./error-chart.tsx";
import { HighlightReplay, heatOf, momentOf, sayBefore, sayMoment, sayTime } from "./highlights.ts";
import { Race, sayAll } from "./race.tsx";
import type { Standing } from "./race-drive.ts";

export function Watch({ state, on, world, controls }: PanelProps) {
  const lesson = state.lesson.value;
  const round = lesson.rounds.at(-1)!;
  const number = lesson.rounds.length;
  const racing = useSignal<PersonDrive | null>(null);
  const standings = useSignal<readonly Standing[] | null>(null);
  const dense = useSignal(false);

  // A round's drives never change; its answers do. Demonstrations are as they are when one begins to look.
  const { watching, moments, share, heat } = useMemo(() => {
    const shown = lesson.demonstrations.map(({ episode }) => trajectoryOf(episode));
    const cells = cellsOf(world, shown);
    const drives = round.episodes.map(trajectoryOf);
    const moments = drives.map((drive, i) => momentOf(world, drive, round.uncertainty[i]!, cells));
    const paths = round.episodes.map(pathOfEpisode);
    const replaying = new Replay(
      world,
      paths,
      "learner",
      demonstrationTrails(lesson),
      round.uncertainty,
    );
    return {
      watching: new HighlightReplay(replaying, moments),
      moments,
      share: shareNeverShown(world, drives, cells),
      heat: [
        heatOf(
          world,
          "expert",
          lesson.demonstrations.map(({ episode }) => pathOfEpisode(episode).poses),
        ),
        heatOf(
          world,
          "learner",
          paths.map(({ poses }) => poses),
        ),
      ],
    };
  }, [world, round.seq]);

  useLayoutEffect(() => {
    on.say(
      `Round ${number}: the learner has ${formatMeasure(mean(round.heldOut), world.measure)} ${world.measure.unit}.`,
    );
    // What is told of a round does not change with the answers that it is given.
  }, [on, world, round.seq, number]);
  const race = racing.value;
  useScene(on, race ?? watching, () => {
    if (race) {
      const ranked = standings.value;
      if (ranked) return sayAll([ranked[0]!, ranked.at(-1)!]);
      return race.progress.value.phase === "waiting"
        ? "You in green, they in orange: set off"
        : null;
    }
    const { index } = watching.progress.value;
    const { now } = watching;
    return now ? sayMoment(now) : `The learner, drive ${index + 1} of ${round.episodes.length}`;
  });

  const correct = useCommand({
    key: enterKey,
    label: "Correct it",
    available: race?.progress.value.phase !== "driving",
    run: () => on.go("correct"),
  });
  const densities = useCommand({
    key: letterKey("D"),
    label: `${dense.value ? "Hide" : "Show"} where you both go`,
    available: race === null,
    run() {
      dense.value = !dense.value;
      watching.heat = dense.value ? heat : null;
      on.say(dense.value ? sayShare(share) : "The densities are gone.");
    },
  });

  const own = ownMeasure(lesson);
  const { falls, index } = watching.progress.value;
  return (
    <>
      <h2>{number === 1 ? "Watch the clone" : `Round ${number}`}</h2>
      <dl class="scores">
        <div>
          <dt class="learner">The learner</dt>
          <dd>{formatMeasure(mean(round.heldOut), world.measure)}</dd>
        </div>
        <div>
          <dt class="expert">You</dt>
          <dd>{own === null ? "–" : formatMeasure(own, world.measure)}</dd>
        </div>
      </dl>
      <p class="quiet-text">
        {world.measure.unit}; the learner on {round.heldOut.length} starts held out for measuring
      </p>
      <p class="next">
        <CommandButton command={correct} primary />
      </p>
      <h3>Where it went</h3>
      <ol class="moments">
        {moments.map((moment, i) => (
          <li key={i} aria-current={!race && i === index ? "true" : undefined}>
            {moment ? (
              <>
                <b>{sayTime(world, moment.t)}</b> {sayMoment(moment)}
                {sayBefore(moment)}.
              </>
            ) : world.canFall ? (
              "It did not fall."
            ) : (
              "Nowhere that you have not been."
            )}
          </li>
        ))}
      </ol>
      {world.canFall && (
        <p class="figures">
          Falls on drive {index + 1} so far: {falls}.
        </p>
      )}
      <Familiarity />
      <p class="figures">{sayShare(share)}</p>
      <p class="choices">
        <CommandButton command={densities} pressed={dense.value} />
      </p>
      {dense.value && !race && (
        <p class="densities">
          <span class="blot expert-blot" /> where you were <span class="blot learner-blot" /> where
          it goes
        </p>
      )}
      <Race
        state={state}
        on={on}
        world={world}
        controls={controls}
        racing={racing}
        standings={standings}
      />
      <Chart lesson={lesson} world={world} />
      <Errors lesson={lesson} world={world} />
      <p class="figures">
        Learned from {round.pairs} pairs of state and action, {round.labels} of them answers, in{" "}
        {formatTime(round.ms)}; loss {round.loss.toPrecision(2)}.
      </p>
    </>
  );
}

function sayShare(share: number): string {
  return `${Math.round(100 * share)} % of where it goes, you have never been.`;
}

/** The scale of its track: a stroke of each width and colour, and what it stands for. */
function Familiarity() {
  return (
    <figure class="familiarity">
      <figcaption>
        Its track: how unfamiliar the place is to it, from 0, known, to 1, never been
      </figcaption>
      <ol>
        {[0, 0.06, 0.25, 0.56, 1].map((uncertainty) => {
          const { width, colour } = strokeOf(uncertainty);
          const mixed = `color-mix(in srgb, var(--learner) ${100 * colour}%, var(--paper))`;
          return (
            <li key={uncertainty}>
              <span style={{ height: `${1.3 * width}px`, background: mixed }} />
              {uncertainty}
            </li>
          );
        })}
      </ol>
    </figure>
  );
}
