import type { Inference } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { letterKey } from "../../ui/keyboard.ts";
import { background, useBackground } from "../background.ts";
import type { LessonActions } from "../state.ts";

/** Which demonstration would tell the most, and a way to give it. Only where one can tell starts apart. */
export function MostInformative(props: { on: LessonActions; world: Level; inference: Inference }) {
  return props.world.names ? <Advice {...props} /> : null;
}

function Advice({
  on,
  world,
  inference,
}: {
  on: LessonActions;
  world: Level;
  inference: Inference;
}) {
  const best = useBackground(
    () => background().mostInformative(world.name, inference),
    [world, inference],
  );

  const walk = useCommand({
    key: letterKey("N"),
    label: "Walk it",
    available: best !== null,
    run() {
      on.startAt(best!.cell);
      on.go("demonstrate");
    },
  });
  return (
    <p class="telling">
      {best && (
        <>
          The computer would learn most from a walk that starts here: {world.names!.cell(best.cell)}
          . It would show if you like being {world.lattice.featureNames[best.feature]}.{" "}
          <CommandButton command={walk} />
        </>
      )}
    </p>
  );
}
