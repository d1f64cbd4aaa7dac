import type { Level } from "../../../shared/worlds/level.ts";
import type { PersonDrive } from "../activities/person-drive.ts";
import { Whereabouts } from "../activities/whereabouts.tsx";

/** How much of the demonstration is left, and what there is to do before it begins. */
export function Clock({
  driving,
  world,
  driven,
}: {
  driving: PersonDrive;
  world: Level;
  /** Demonstrations so far. */
  driven: number;
}) {
  const { phase, time, blown } = driving.progress.value;
  const share = time / world.horizon;
  const { steering } = world;
  const runs = steering.pace === "runs";
  return (
    <div class="clock">
      <progress value={share} max={1} aria-label="How much of the demonstration is done" />
      <span class="figures">
        {phase === "waiting"
          ? runs
            ? driven > 0
              ? "Make your clone, or drive again"
              : "The drive begins when you steer"
            : "Your move"
          : runs
            ? `${((world.horizon - time) / steering.stepsPerSecond).toFixed(1)} s left`
            : `${world.horizon - time} moves left`}
        {blown && runs && " – a gust!"}
      </span>
      {!runs && (
        <span class="slipped" role="status">
          {blown && " – you slipped!"}
        </span>
      )}
      <Whereabouts driving={driving} />
    </div>
  );
}
