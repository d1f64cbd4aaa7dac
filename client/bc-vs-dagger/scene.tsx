import { useComputed } from "@preact/signals";
import { replay } from "../../shared/worlds/episode.ts";
import type { Level } from "../../shared/worlds/level.ts";
import type { Pose } from "../../shared/worlds/picture.ts";
import { Drawing, svgLine } from "../drawing/svg.tsx";
import { between, fallsOf, type Path, pathOf, trailsOf } from "../drawing/trails.ts";
import { Agent } from "../worlds/agent.tsx";
import { presentationOf } from "../worlds/index.ts";
import { Plants } from "../worlds/plants.tsx";
import { found, round, rounds, setting, world } from "./comparing.ts";
import { heldOut, type Performance, shownDrive, worldOf } from "./duel.ts";
import { time } from "./playback.ts";
import { driveWords, names } from "./words.ts";

/** One of the three on the drive that is looked at. */
interface DrawnEpisode {
  readonly path: Path;
  readonly measure: number;
}

/** The three that are drawn: more would be a tangle. */
type Drawn = "expert" | "cloning" | "dagger";

/** The three on one held-out drive, up to now, and where the learner was corrected. */
export function Scene() {
  const all = useComputed(() => {
    const place = world.value;
    if (!place || !found.value || !round.value) return null;
    const drivenBy = ({ episode }: Performance): DrawnEpisode => {
      const trajectory = replay(place, episode);
      return { path: pathOf(place, trajectory), measure: place.measure.of(trajectory) };
    };
    const { cloning, dagger } = round.value.driven;
    return {
      expert: drivenBy(found.value.expert),
      cloning: drivenBy(cloning),
      dagger: drivenBy(dagger),
    };
  });
  const level = world.value ?? worldOf(setting.value);
  const { picture } = level;
  const { left, right, bottom, top } = picture.bounds;
  return (
    <svg
      class="scene"
      viewBox={`${left} ${-top} ${right - left} ${top - bottom}`}
      role="img"
      aria-label={all.value ? sceneWords(all.value) : "Nobody has driven yet."}
    >
      <Drawing primitives={presentationOf(level).ground(picture)} />
      <Plants level={level} />
      {all.value && (
        <>
          <Way who="expert" path={all.value.expert.path} level={level} />
          <Corrections />
          <Way who="cloning" path={all.value.cloning.path} level={level} />
          <Way who="dagger" path={all.value.dagger.path} level={level} />
        </>
      )}
    </svg>
  );
}

/** A dot for each, those of the newest round in full. WebKit draws a blob where a line has no length at all. */
function Corrections() {
  const dots = (places: readonly (readonly [number, number])[]) =>
    places.map(([x, y]) => `M${x.toFixed(3)} ${(-y).toFixed(3)}h.001`).join("");
  const until = found.value!.rounds.slice(0, rounds.value + 1);
  const older = until.slice(0, -1).flatMap(({ corrections }) => corrections);
  return (
    <g class="corrections">
      <path class="older" d={dots(older)} />
      <path d={dots(until.at(-1)!.corrections)} />
    </g>
  );
}

/** The way so far, its falls and whoever drives, at its end. */
function Way({ who, path, level }: { who: Drawn; path: Path; level: Level }) {
  const end = path.poses.length - 1;
  const now = Math.min(time.value, end);
  const t = Math.min(Math.floor(now), end - 1);
  const [from, to] = [path.poses[t]!, path.poses[t + 1]!];
  // The car stays where it crashed: that is the end of the drive.
  const pose = path.falls.has(t) ? from : between(from, to, now - t);
  const trails = trailsOf(path, who === "expert" ? "expert" : "learner", "past", 0, t);
  return (
    <g class={`drive ${who}`}>
      {trails.map(({ points }, i) => (
        <path
          key={i}
          class="trail"
          d={line(i === trails.length - 1 && !path.falls.has(t) ? [...points, pose] : points)}
        />
      ))}
      {fallsOf(path, 0, now).map(({ x, y }, i) => (
        <path key={i} class="fall" d={cross(x, -y, 0.4 * level.picture.agent)} />
      ))}
      <Agent pose={pose} level={level} />
    </g>
  );
}

function line(points: readonly Pose[]): string {
  return svgLine(points.map(({ x, y }) => [x, y]));
}

function cross(x: number, y: number, half: number): string {
  const [left, right, above, below] = [x - half, x + half, y - half, y + half];
  return `M${left} ${above}L${right} ${below}M${left} ${below}L${right} ${above}`;
}

/** What the finished picture shows. */
function sceneWords(drives: Readonly<Record<Drawn, DrawnEpisode>>): string {
  const said = (["expert", "cloning", "dagger"] as const).map((who) => {
    const { path, measure } = drives[who];
    const result = { falls: path.falls.size, steps: path.poses.length - 1, measure };
    return `${names[who]} ${driveWords(world.value!, result)}`;
  });
  const dots = rounds.value === 0 ? "" : " Dots show where the learner was corrected.";
  return `Test drive ${shownDrive(found.value!.setting) + 1} of ${heldOut}: ${said.join(", ")}.${dots}`;
}
