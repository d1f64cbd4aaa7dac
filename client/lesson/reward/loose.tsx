import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Episode, replay } from "../../../shared/worlds/episode.ts";
import { pathOf } from "../../drawing/trails.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { escapeKey, letterKey } from "../../ui/keyboard.ts";
import { describe } from "../../worlds/describe.ts";
import { presentationOf } from "../../worlds/index.ts";
import { PersonDrive } from "../activities/person-drive.ts";
import { Whereabouts } from "../activities/whereabouts.tsx";
import { background } from "../background.ts";
import type { PanelProps } from "../state.ts";

/** What is said of the place before anything has happened there. */
export const newPlace = "A new place. You are green, the learner orange";

/** The recovered reward at the wheel, in a place that nobody has been to, with the person beside it. */
export function TurnLoose({
  state,
  on,
  world,
  controls,
  weights,
  loose,
  words,
}: PanelProps & {
  readonly weights: readonly number[];
  /** What goes on on the stage instead of the map; null while nothing does. */
  readonly loose: Signal<PersonDrive | null>;
  /** How it went; null before it is over. */
  readonly words: Signal<string | null>;
}) {
  const preparing = useSignal(false);
  const section = useRef<HTMLElement>(null);
  const { taste } = state.lesson.value;
  const { Prices } = presentationOf(world);

  const begin = async () => {
    if (!world.another || preparing.value) return;
    preparing.value = true;
    words.value = null;
    const [place, seed] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
    const learners = await background().roam(world.name, place, seed, weights);
    preparing.value = false;
    if (state.step.peek() !== "reward") return;
    const other = world.another(place);
    const over = (yours: Episode) => {
      const { taste } = state.lesson.peek();
      const say = (episode: Episode) => describe(other, taste, replay(other, episode));
      words.value = `You: ${say(yours)}. The learner: ${say(learners)}.`;
      on.say(words.value);
    };
    loose.value = new PersonDrive(other, seed, controls, {
      background: [],
      companions: [{ path: pathOf(other, replay(other, learners)), role: "learner" }],
      onOver: over,
    });
  };
  const end = () => {
    loose.value = null;
    words.value = null;
  };
  const turnLoose = useCommand({
    key: letterKey("L"),
    label: loose.value ? "Another place" : "Try it elsewhere",
    available: world.another !== undefined && !preparing.value,
    run: () => void begin(),
  });
  const back = useCommand({
    key: escapeKey,
    label: "Back to the map",
    available: loose.value !== null,
    run: end,
  });
  useEffect(() => {
    if (!loose.value) return;
    on.say(newPlace);
    // What to do there, and what a step costs, may be far below.
    section.current?.scrollIntoView({ block: "start" });
  }, [on, loose.value]);

  if (!world.another) return null;
  return (
    <section class="loose" aria-label="Try it elsewhere" ref={section}>
      <h3>Try it elsewhere</h3>
      <p>
        {words.value ??
          (loose.value
            ? "The learner takes a step when you do. Go the way you like best. Does the learner go the same way?"
            : "You and a learner go through a new place. The learner has never seen what you did. It knows only your reward map.")}
      </p>
      {loose.value && taste && Prices && (
        <Prices world={loose.value.world} weights={world.tastes![taste]!.weights} />
      )}
      {loose.value && <Whereabouts driving={loose.value} />}
      <p class="choices">
        <CommandButton command={turnLoose} />
        {loose.value && <CommandButton command={back} />}
      </p>
      {preparing.value && <progress aria-label="The learner looks for its way" />}
    </section>
  );
}
