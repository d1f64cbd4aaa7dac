import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Telling } from "../../shared/irl/belief.ts";
import type { Inference } from "../../shared/lesson.ts";
import type { World } from "../../shared/worlds/world.ts";
import type { Classroom } from "../classroom.ts";
import { useKey } from "../keys.tsx";
import { thinking } from "../thinking.ts";

/** Which demonstration would tell the most, and a way to give it. Only where one can tell starts apart. */
export function MostTelling(props: { room: Classroom; world: World; inference: Inference }) {
  return props.world.nameOf ? <Advice {...props} /> : null;
}

function Advice({
  room,
  world,
  inference,
}: {
  room: Classroom;
  world: World;
  inference: Inference;
}) {
  const telling = useSignal<Telling | null>(null);
  useEffect(() => {
    telling.value = null;
    void thinking()
      .telling(world.name, inference)
      .then((answer) => {
        telling.value = answer;
      });
  }, [world, inference, telling]);

  const walk = () => {
    if (!telling.value) return;
    room.nextStart = telling.value.cell;
    room.go("demonstrate");
  };
  useKey("KeyN", walk);
  const { value } = telling;
  return (
    <p class="telling">
      {value && (
        <>
          A walk from {world.nameOf!(value.cell)} would tell the most, above all about being{" "}
          {world.lattice.featureNames[value.feature]}.{" "}
          <button type="button" onClick={walk}>
            Walk it <kbd>N</kbd>
          </button>
        </>
      )}
    </p>
  );
}
