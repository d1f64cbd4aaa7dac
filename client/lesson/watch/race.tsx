import { type Signal, useSignal } from "@preact/signals";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { escapeKey, letterKey } from "../../ui/keyboard.ts";
import type { PersonDrive } from "../activities/person-drive.ts";
import { freshSeed } from "../activities/seed.ts";
import { Whereabouts } from "../activities/whereabouts.tsx";
import type { PanelProps } from "../state.ts";
import { type Racer, race, type Standing } from "./race-drive.ts";

/** The person, the clone that the learner was and the learner that it is, side by side on a fresh seed. */
export function Race({
  state,
  on,
  world,
  controls,
  racing,
  standings,
}: PanelProps & {
  /** What goes on on the stage instead of the replay; null while nothing does. */
  readonly racing: Signal<PersonDrive | null>;
  /** How everyone did; null before the race is over. */
  readonly standings: Signal<readonly Standing[] | null>;
}) {
  const preparing = useSignal(false);

  const begin = async () => {
    if (preparing.value) return;
    preparing.value = true;
    const seed = freshSeed();
    const answer = await on.race(seed);
    preparing.value = false;
    if (!answer || state.step.peek() !== "watch") return;
    const racers = answer.episodes.map(({ round, episode }, i): Racer => {
      const now = i === answer.episodes.length - 1;
      const name = round === 0 ? "The clone" : `The learner, round ${round + 1}`;
      return { name, role: now ? "learner" : "ghost", episode };
    });
    standings.value = null;
    controls.letGo();
    racing.value = race(world, seed, racers, controls, (ranked) => {
      standings.value = ranked;
      on.say(sayAll(ranked));
    });
    on.say(
      `You are green. Orange: ${racers.map(({ name }) => name.toLowerCase()).join(" and ")}. ${setOff}`,
    );
  };
  const end = () => {
    racing.value = null;
    standings.value = null;
  };
  const startRace = useCommand({
    key: letterKey("G"),
    label: racing.value ? "Race again" : "Race",
    available: !preparing.value,
    run: () => void begin(),
  });
  const back = useCommand({
    key: escapeKey,
    label: "Back to the replay",
    available: racing.value !== null,
    run: end,
  });

  return (
    <section class="race" aria-label="The race">
      {racing.value && !standings.value && <p>{setOff}</p>}
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
        <CommandButton command={startRace} />
        {racing.value && <CommandButton command={back} />}
      </p>
    </section>
  );
}

const setOff = "They start when you start.";

export function sayAll(standings: readonly Standing[]): string {
  return standings.map(({ name, measure }) => `${name}: ${measure}.`).join(" ");
}
