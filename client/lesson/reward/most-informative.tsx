import type { Inference } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { useKey } from "../../ui/keys.tsx";
import { background, useBackground } from "../background.ts";
import type { Classroom } from "../classroom.ts";

/** Which demonstration would tell the most, and a way to give it. Only where one can tell starts apart. */
export function MostInformative(props: { room: Classroom; world: Level; inference: Inference }) {
  return props.world.names ? <Advice {...props} /> : null;
}

function Advice({
  room,
  world,
  inference,
}: {
  room: Classroom;
  world: Level;
  inference: Inference;
}) {
  const telling = useBackground(
    () => background().mostInformative(world.name, inference),
    [world, inference],
  );

  const walk = () => {
    if (!telling) return;
    room.nextStart = telling.cell;
    room.go("demonstrate");
  };
  useKey("KeyN", walk);
  return (
    <p class="telling">
      {telling && (
        <>
          A walk from {world.names!.cell(telling.cell)} would tell the most, above all about being{" "}
          {world.lattice.featureNames[telling.feature]}.{" "}
          <button type="button" onClick={walk}>
            Walk it <kbd>N</kbd>
          </button>
        </>
      )}
    </p>
  );
}
