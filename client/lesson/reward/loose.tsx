import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Episode, replay } from "../../../shared/worlds/episode.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { pathOf } from "../../drawing/trails.ts";
import { useKey } from "../../ui/keys.tsx";
import { describe } from "../../worlds/format.ts";
import { Driving } from "../activities/driving.ts";
import { Whereabouts } from "../activities/whereabouts.tsx";
import { background } from "../background.ts";
import type { Classroom } from "../classroom.ts";

/** The recovered reward at the wheel, in a place that nobody has been to, with the person beside it. */
export function TurnLoose({
  room,
  world,
  weights,
  loose,
}: {
  room: Classroom;
  world: Level;
  weights: readonly number[];
  /** What goes on on the stage instead of the map; null while nothing does. */
  loose: Signal<Driving | null>;
}) {
  const words = useSignal<string | null>(null);
  const preparing = useSignal(false);

  const begin = async () => {
    if (!world.another || preparing.value) return;
    preparing.value = true;
    words.value = null;
    const [place, seed] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
    const learners = await background().roam(world.name, place, seed, weights);
    preparing.value = false;
    if (room.step.peek() !== "reward") return;
    const other = world.another(place);
    const over = (yours: Episode) => {
      const { taste } = room.lesson.peek();
      const say = (episode: Episode) => describe(other, taste, replay(other, episode));
      words.value = `You: ${say(yours)}. It: ${say(learners)}.`;
      room.caption.value = words.value;
      room.news.value = words.value;
    };
    loose.value = new Driving(other, seed, room.controls, {
      background: [],
      companions: [{ path: pathOf(other, replay(other, learners)), role: "learner" }],
      onOver: over,
    });
  };
  const end = () => {
    loose.value = null;
    words.value = null;
  };
  useKey("KeyL", () => void begin());
  useKey("Escape", end);
  useEffect(() => {
    if (!loose.value) return;
    room.caption.value = "A new place: you in green, what wants what you want in orange";
    room.news.value = room.caption.value;
  }, [room, loose.value]);

  if (!world.another) return null;
  return (
    <section class="loose" aria-label="Turn it loose">
      <h3>Turn it loose</h3>
      <p>
        {words.value ??
          (loose.value
            ? "It moves when you move. Go the way you like best, and see whether it likes the same."
            : "A learner that was shown nothing but this reward, beside you, in a place that neither of you knows.")}
      </p>
      {loose.value && <Whereabouts driving={loose.value} />}
      <p class="choices">
        <button type="button" disabled={preparing.value} onClick={() => void begin()}>
          {loose.value ? "Another place" : "Turn it loose"} <kbd>L</kbd>
        </button>
        {loose.value && (
          <button type="button" onClick={end}>
            Back to the map <kbd>Esc</kbd>
          </button>
        )}
      </p>
      {preparing.value && <progress aria-label="It looks around" />}
    </section>
  );
}
