import type { FunctionComponent } from "preact";
import type { Level } from "../../../shared/worlds/level.ts";
import type { Classroom } from "../classroom.ts";
import { Shadow } from "./shadow/shadow.tsx";
import { Takeover } from "./takeover/takeover.tsx";
import { TimeStop } from "./time-stop/time-stop.tsx";

interface Way {
  readonly title: string;
  /** Whether it makes sense in a world; in all of them where it is left out. */
  readonly suits?: (world: Level) => boolean;
  readonly Panel: FunctionComponent<{ room: Classroom; world: Level }>;
}

/** The ways to correct a learner, by name; adding one is a file and a line. */
const ways: Readonly<Record<string, Way>> = {
  "time-stop": { title: "Time-stop", Panel: TimeStop },
  takeover: { title: "Takeover", Panel: Takeover },
  // Nobody is late where the world waits.
  shadow: { title: "Shadow", suits: ({ steering }) => steering.pace === "runs", Panel: Shadow },
};

/** Correcting, in the way that the person likes; labels are labels, however they were given. */
export function Correct({ room, world }: { room: Classroom; world: Level }) {
  const chosen = room.way;
  const { Panel } = ways[chosen.value]!;
  return (
    <>
      <fieldset class="layers">
        <legend class="hidden">How to correct</legend>
        {Object.entries(ways)
          .filter(([, { suits }]) => suits?.(world) ?? true)
          .map(([name, { title }]) => (
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
      <Panel room={room} world={world} />
    </>
  );
}
