import { type Signal, useSignal } from "@preact/signals";
import type { Level } from "../../../shared/worlds/level.ts";
import { useKey } from "../../ui/keys.tsx";
import type { Driving } from "../activities/driving.ts";
import { freshSeed } from "../activities/seed.ts";
import { Whereabouts } from "../activities/whereabouts.tsx";
import type { Classroom } from "../classroom.ts";
import { type Racer, race, type Standing } from "./racing.ts";

/** The person, the clone that the learner was and the learner that it is, side by side on a fresh seed. */
export function Race({
  room,
  world,
  racing,
}: {
  room: Classroom;
  world: Level;
  /** What goes on on the stage instead of the replay; null while nothing does. */
  racing: Signal<Driving | null>;
}) {
  const standings = useSignal<readonly Standing[] | null>(null);
  const preparing = useSignal(false);
  const rounds = room.lesson.value.rounds.length;

  const begin = async () => {
    if (preparing.value) return;
    preparing.value = true;
    const seed = freshSeed();
    const answer = await room.race(seed);
    preparing.value = false;
    if (!answer || room.step.peek() !== "watch") return;
    const racers = answer.episodes.map(({ round, episode }, i): Racer => {
      const now = i === answer.episodes.length - 1;
      const name = round === 0 ? "The clone" : `The learner, round ${round + 1}`;
      return { name, role: now ? "learner" : "ghost", episode };
    });
    standings.value = null;
    room.controls.letGo();
    racing.value = race(world, seed, racers, room.controls, (ranked) => {
      standings.value = ranked;
      room.caption.value = sayAll([ranked[0]!, ranked.at(-1)!]);
      room.news.value = sayAll(ranked);
    });
    room.news.value = `You in green, ${racers.map(({ name }) => name.toLowerCase()).join(" and ")} in orange. ${setOff}`;
  };
  const end = () => {
    racing.value = null;
    standings.value = null;
  };
  useKey("KeyG", () => void begin());
  useKey("Escape", end);

  return (
    <section class="race" aria-label="The race">
      <h3>Race them</h3>
      <p>
        {racing.value
          ? standings.value
            ? sayAll(standings.value)
            : setOff
          : rounds > 1
            ? "You, the clone of round 1 and the learner of now: one start, one wind."
            : "You and the clone: one start, one wind."}
      </p>
      {racing.value && <Whereabouts driving={racing.value} />}
      {standings.value && (
        <table class="standings figures">
          <caption class="hidden">How everyone did</caption>
          <tbody>
            {standings.value.map(({ name, role, measure }) => (
              <tr key={name}>
                <th scope="row" class={role === "ghost" ? "learner ghost" : role}>
                  {name}
                </th>
                <td>{measure}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="choices">
        <button type="button" disabled={preparing.value} onClick={() => void begin()}>
          {racing.value ? "Race again" : "Race them"} <kbd>G</kbd>
        </button>
        {racing.value && (
          <button type="button" onClick={end}>
            Back to the replay <kbd>Esc</kbd>
          </button>
        )}
      </p>
    </section>
  );
}

const setOff = "They set off when you do, and go a step for each of yours.";

function sayAll(standings: readonly Standing[]): string {
  return standings.map(({ name, measure }) => `${name}: ${measure}.`).join(" ");
}
