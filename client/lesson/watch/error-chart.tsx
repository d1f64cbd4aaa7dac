import { bendOf, errorsOf, marksOf } from "../../../shared/imitation/errors.ts";
import type { Lesson } from "../../../shared/lesson/lesson.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { stepsIn } from "../../../shared/worlds/steering.ts";
import { Figure, type Mark } from "../../ui/plot.tsx";
import { presentationOf } from "../../worlds/index.ts";
import { trajectoryOf } from "../../worlds/replays.ts";

/** The error so far against time: the clone's, the learner's and the person's. */
export function Errors({ lesson, world }: { lesson: Lesson; world: Level }) {
  const clone = lesson.rounds[0]?.errors;
  const learner = lesson.rounds.at(-1)?.errors;
  const worst = clone?.at(-1);
  // Logs of before errors were kept have none to show.
  if (!clone || !learner || worst === undefined) return null;
  const person = errorsOf(
    world,
    lesson.demonstrations.map(({ episode }) => trajectoryOf(episode)),
  );
  const several = lesson.rounds.length > 1;
  const lines = [
    { name: "You", look: "expert", errors: person },
    { name: "The clone", look: several ? "learner dashed" : "learner", errors: clone },
    ...(several ? [{ name: "The learner", look: "learner", errors: learner }] : []),
  ];
  const { steering } = world;
  const runs = steering.pace === "runs";
  const unit = presentationOf(world).words.error;
  const times = marksOf(world);
  const seconds = (t: number) => t / stepsIn(steering, 1, 1);
  const guide = (look: string, power: number): Mark => ({
    kind: "curve",
    look,
    points: [0, ...times].map((t) => [seconds(t), worst * (t / world.horizon) ** power]),
  });
  return (
    <Figure
      caption={
        <>
          Error so far ({unit}), by {runs ? "seconds" : "moves"}: <span class="expert">you</span>,{" "}
          <span class="learner ghost">the clone{several ? " (dashed)" : ""}</span>
          {several && (
            <>
              {" "}
              and <span class="learner">the learner now</span>
            </>
          )}
          .
        </>
      }
      x={{ from: 0, to: seconds(times.at(-1)!) }}
      y={{ from: 0, to: 1.05 * (Math.max(worst, ...lines.flatMap(({ errors }) => errors)) || 1) }}
      marks={[
        guide("guide dotted", 2),
        guide("guide", 1),
        ...lines.map(
          ({ look, errors }): Mark => ({
            kind: "curve",
            look,
            points: [[0, 0], ...times.map((t, i) => [seconds(t), errors[i] ?? null] as const)],
          }),
        ),
      ]}
      table={{
        caption: `Error so far, ${unit}`,
        columns: [runs ? "Seconds" : "Moves", ...lines.map(({ name }) => name)],
        rows: times.map((t, i) => [
          seconds(t).toFixed(runs ? 1 : 0),
          ...lines.map(({ errors }) => errors[i]?.toFixed(1) ?? "–"),
        ]),
      }}
    >
      <p class="quiet-text">
        The thin line grows like the time T, the dotted line like T². In theory these are the worst
        cases: T for DAgger (Ross et al. 2011), T² for cloning (Ross and Bagnell 2010). In practice
        both can do better. {sayBends(lines)}
      </p>
    </Figure>
  );
}

function sayBends(lines: readonly { name: string; errors: readonly number[] }[]): string {
  const said = lines.flatMap(({ name, errors }) => {
    const bend = bendOf(errors);
    return bend === null ? [] : [`${name.toLowerCase()} ${bend.toFixed(1)}`];
  });
  return said.length === 0
    ? ""
    : `Divide the error of the second half of a drive by the error of the first half: ${said.join(", ")}. An error that grows like T gives 1. An error that grows like T² gives 3.`;
}
