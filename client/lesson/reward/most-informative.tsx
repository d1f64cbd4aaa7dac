import type { InformativeStart } from "../../../shared/irl/belief.ts";
import type { Inference } from "../../../shared/lesson/lesson.ts";
import { kindOf, worlds } from "../../../shared/worlds/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { levelOf } from "../../course/progress.ts";
import { createLesson } from "../../net/new-lesson.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { letterKey } from "../../ui/keyboard.ts";
import { background, useBackground } from "../background.ts";
import { goOnFrom } from "../earlier-walks.ts";
import { useGoing } from "../going.ts";
import type { PanelProps } from "../state.ts";

/** Another place is worth the way where a walk there tells so much more, nats. */
const worthTheWay = 0.1;

interface Props extends Pick<PanelProps, "state" | "on" | "world"> {
  readonly inference: Inference;
}

/** Which demonstration would tell the most, here and elsewhere, and ways to give it. Only where one can tell starts apart. */
export function MostInformative(props: Props) {
  return props.world.names ? <Advice {...props} /> : null;
}

function Advice({ state, on, world, inference }: Props) {
  const found = useBackground(
    () => background().mostInformative(world.name, inference),
    [world, inference],
  );
  const best = found?.here ?? null;
  // Whoever does a task, or plays a level, has no other place to go.
  const isFree = !state.lesson.value.plan && !levelOf(state.id);
  const elsewhere = isFree ? (found?.elsewhere ?? null) : null;
  const isWorthIt = best && elsewhere && elsewhere.gain > best.gain + worthTheWay;

  const walk = useCommand({
    key: letterKey("F"),
    label: "Walk from there",
    available: best !== null,
    run() {
      on.startAt(best!.cell);
      on.go("demonstrate");
    },
  });
  return (
    <>
      <p class="telling">
        {best && (
          <>
            The computer would learn most from a walk that starts here: {sayStart(world, best)}{" "}
            <CommandButton command={walk} />
          </>
        )}
      </p>
      {isWorthIt && <Elsewhere state={state} on={on} place={elsewhere} />}
    </>
  );
}

/** Another place that would tell more about the same taste, and the way there. */
function Elsewhere({
  state,
  on,
  place,
}: Pick<Props, "state" | "on"> & {
  readonly place: InformativeStart & { readonly place: string };
}) {
  const world = worlds[place.place]!;
  const going = useGoing(on, async () => {
    const lesson = state.lesson.peek();
    const id = await createLesson({ world: world.name, taste: lesson.taste });
    goOnFrom({ id: state.id, lesson }, id);
    return id;
  });
  const go = useCommand({
    key: letterKey("G"),
    label: `Play in ${world.title}`,
    ...going,
  });
  return (
    <p class="elsewhere">
      Another {kindOf(world).title.toLowerCase()} would tell more: {world.title}, from{" "}
      {sayStart(world, place)} Your taste stays the same. There you begin a new lesson, and your
      walks here count there, too. <CommandButton command={go} />
    </p>
  );
}

function sayStart({ names, lattice }: Level, { cell, feature }: InformativeStart): string {
  return `${names!.cell(cell)}. It would show if you like being ${lattice.featureNames[feature]}.`;
}
