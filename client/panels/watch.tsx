import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import type { World } from "../../shared/worlds/world.ts";
import { Chart } from "../chart.tsx";
import type { Classroom } from "../classroom.ts";
import {
  demonstrationTrails,
  formatMeasure,
  formatTime,
  mean,
  ownMeasure,
  pathOfEpisode,
} from "../derived.ts";
import { useKey } from "../keys.tsx";
import { Replaying } from "../play/replaying.ts";

export function Watch({ room, world }: { room: Classroom; world: World }) {
  const lesson = room.lesson.value;
  const round = lesson.rounds.at(-1)!;
  const number = lesson.rounds.length;
  const replaying = useSignal<Replaying | null>(null);
  useKey("Enter", () => room.go("correct"));

  useLayoutEffect(() => {
    const background = demonstrationTrails(room.lesson.peek());
    const activity = new Replaying(
      world,
      round.episodes.map(pathOfEpisode),
      "learner",
      background,
      round.uncertainty,
    );
    replaying.value = activity;
    room.show(activity);
    room.news.value = `Round ${number}: the learner has ${formatMeasure(mean(round.heldOut), world.measure)} ${world.measure.unit}.`;
    return () => room.show(null);
    // A round's drives never change; its answers do.
  }, [room, world, round.seq]);

  useSignalEffect(() => {
    const { index } = replaying.value?.progress.value ?? { index: 0 };
    room.caption.value = `The learner, drive ${index + 1} of ${round.episodes.length}`;
  });

  const own = ownMeasure(lesson);
  const { falls } = replaying.value?.progress.value ?? { falls: 0 };
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
      <p class="figures">
        Learned from {round.pairs} pairs of state and action, {round.labels} of them answers, in{" "}
        {formatTime(round.ms)}; loss {round.loss.toPrecision(2)}.
      </p>
      <p class="figures">
        Its track is stronger where the place is <em>less familiar</em> to it.
        {world.measure.format === "count" &&
          ` On this drive so far: ${falls} ${world.measure.name}.`}
      </p>
      <p class="next">
        <button type="button" class="primary" onClick={() => room.go("correct")}>
          Correct it <kbd>Enter</kbd>
        </button>
      </p>
      <Chart lesson={lesson} world={world} />
    </>
  );
}
