import { useMemo } from "preact/hooks";
import { kinds } from "../../shared/worlds/index.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { Reached } from "../worlds/level-words.tsx";
import { recordOf } from "../worlds/records.ts";

const offered = kinds.filter(({ isForComparing }) => !isForComparing);

/** The worlds to play in without a goal. */
export function Worlds({
  available,
  begin,
}: {
  available: boolean;
  begin: (world: Level) => void;
}) {
  const records = useMemo(
    () =>
      Object.fromEntries(
        offered.flatMap(({ levels }) => levels.map(({ name }) => [name, recordOf(name)])),
      ),
    [],
  );
  return (
    <section class="worlds" aria-labelledby="worlds-title">
      <h2 id="worlds-title">Or play freely, without a goal</h2>
      <ul>
        {offered.map((kind) => (
          <li key={kind.name}>
            <h3>{kind.title}</h3>
            <ul>
              {kind.levels.map((level) => (
                <li key={level.name}>
                  <button
                    type="button"
                    class="world"
                    disabled={!available}
                    onClick={() => begin(level)}
                  >
                    {level.title}
                    <Reached record={records[level.name]!} />
                  </button>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}
