import { copiesDoAsWell, copiesDoBetter } from "../../../shared/imitation/control.ts";
import { summaryOf, toldLaps } from "../../../shared/imitation/endurance.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import { count } from "../../../shared/plural.ts";
import { demonstrationWorld, type Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { background, useBackground } from "../background.ts";
import { bestSoFar } from "../headline.ts";

/** What demonstrations alone would have come to, as computed; nothing until that is done, and where it cannot be. */
export function Copies({ lesson, world }: { lesson: Lesson; world: Level }) {
  const round = lesson.rounds.at(-1)!;
  const control = useBackground(
    () => (round.endurance ? background().control(lesson) : null),
    [round.seq],
  );
  const best = bestSoFar(lesson).at(-1)!;
  const most = control?.copies.at(-1);
  if (!control || !most || !best.endurance || best.labels === 0) return null;
  const second = stepsIn(world.steering, 1, 1);
  const seconds = Math.round((most.demonstrations * world.horizon) / second);
  const late = control.hands.lag / second;
  const place = demonstrationWorld(world);
  const wind = !world.weather ? "" : place.weather ? ", in this wind" : ", without wind as yours";
  const verdict = copiesDoBetter(control, best.endurance)
    ? "Here more drives would have helped more than the answers."
    : copiesDoAsWell(control, best.endurance)
      ? "In these tests neither is clearly better."
      : "More drives would not have brought the learner this far.";
  return (
    <section class="copies quiet-text" aria-labelledby="copies-title">
      <h3 id="copies-title">Computed: drives instead of answers</h3>
      <p>
        A clone of {count(most.demonstrations, "drive")} gets{" "}
        {toldLaps(summaryOf(most.endurance).laps).toFixed(1)} laps; your learner with{" "}
        {count(best.labels, "answer")} gets {toldLaps(summaryOf(best.endurance).laps).toFixed(1)}.{" "}
        {verdict}
      </p>
      <p>
        These drives are computed with hands like yours{wind}
        {late > 0 && `: they also react ${late.toFixed(2)} s late`}. They take {seconds} seconds at
        the wheel.
      </p>
    </section>
  );
}
