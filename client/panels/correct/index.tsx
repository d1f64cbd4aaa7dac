import { useSignal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import type { World } from "../../../shared/worlds/world.ts";
import type { Classroom } from "../../classroom.ts";
import { TimeStop } from "./time-stop.tsx";

interface Way {
  readonly title: string;
  readonly Panel: FunctionComponent<{ room: Classroom; world: World }>;
}

/** The ways to correct a learner, by name; adding one is a file and a line. */
const ways: Readonly<Record<string, Way>> = {
  "time-stop": { title: "Time-stop", Panel: TimeStop },
};

/** Correcting, in the way that the person likes; labels are labels, however they were given. */
export function Correct({ room, world }: { room: Classroom; world: World }) {
  const chosen = useSignal("time-stop");
  const { Panel } = ways[chosen.value]!;
  return (
    <>
      {Object.keys(ways).length > 1 && (
        <fieldset class="layers">
          <legend class="hidden">How to correct</legend>
          {Object.entries(ways).map(([name, { title }]) => (
            <label key={name}>
              <input
                type="radio"
                name="way"
                checked={name === chosen.value}
                onChange={() => {
                  chosen.value = name;
                }}
              />
              {title}
            </label>
          ))}
        </fieldset>
      )}
      <Panel room={room} world={world} />
    </>
  );
}
