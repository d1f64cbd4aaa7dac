import { useMemo } from "preact/hooks";
import { useSteeringLetters } from "../../ui/keys.tsx";
import { useRoom } from "../../ui/room.ts";
import { Still } from "../activities/still.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { type PanelProps, useScene } from "../state.ts";
import type { Way } from "./way.ts";
import { ways } from "./ways.ts";

/** Correcting, in the way that the person likes; labels are labels, however they were given. */
export function Correct(props: PanelProps) {
  const held = props.state.held("label");
  return held === null ? <Correcting {...props} /> : <Held {...props} reason={held} />;
}

/** Whoever leads the lesson has not come to this yet. */
function Held({ state, on, reason }: PanelProps & { readonly reason: string }) {
  const still = useMemo(
    () => new Still({ background: demonstrationTrails(state.lesson.peek()) }),
    [state],
  );
  useScene(on, still, () => null);
  return (
    <>
      <h2>Correct it</h2>
      <p role="status">{reason}</p>
    </>
  );
}

function Correcting({ state, on, world, controls }: PanelProps) {
  useSteeringLetters(world);
  const hasRoom = useRoom();
  const { plan } = state.lesson.value;
  const isPlanned = ({ name }: Way) => !plan || plan.corrections.ways.some((way) => way === name);
  const offered = ways.filter((way) => isPlanned(way) && (way.suits?.(world) ?? true));
  const chosen = ways.find(({ name }) => name === state.way.value) ?? ways[0];
  return (
    <>
      {offered.length > 1 && (
        <details class="ways" open={hasRoom}>
          <summary>{chosen.title}</summary>
          <fieldset class="layers">
            <legend class="hidden">How to correct</legend>
            {offered.map(({ name, title }) => (
              <label key={name}>
                <input
                  type="radio"
                  name="way"
                  checked={name === chosen.name}
                  onChange={() => on.chooseWay(name)}
                />
                {title}
              </label>
            ))}
          </fieldset>
          <p class="quiet-text about">{chosen.about}</p>
        </details>
      )}
      {offered.length === 1 && <p class="quiet-text about">{chosen.about}</p>}
      <chosen.Panel state={state} on={on} world={world} controls={controls} />
    </>
  );
}
