import { useSignal } from "@preact/signals";
import { kinds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { beginIn } from "../course/begin.ts";
import { Notice } from "../ui/notice.tsx";

const levels = kinds.flatMap((kind) => (kind.isForComparing ? kind.levels : []));

/** A way from the comparison to the wheel: the reader is the expert, on a path like the one above. */
export function DriveYourself() {
  const failure = useSignal<string | null>(null);
  const starting = useSignal(false);
  const begin = async (level: Level) => {
    starting.value = true;
    failure.value = null;
    try {
      location.assign(`./?lesson=${await beginIn(level)}`);
    } catch (error) {
      failure.value = (error as Error).message;
      starting.value = false;
    }
  };
  return (
    <section class="yourself" aria-labelledby="yourself-title">
      <h2 id="yourself-title">Be the expert on a path</h2>
      <ul>
        {levels.map((level) => (
          <li key={level.name}>
            <button
              type="button"
              class="world"
              disabled={starting.value}
              onClick={() => void begin(level)}
            >
              {level.title}
            </button>{" "}
            {level.teaches}
          </li>
        ))}
      </ul>
      {failure.value && <Notice>{failure.value}</Notice>}
    </section>
  );
}
