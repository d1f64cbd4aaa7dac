import { useMemo } from "preact/hooks";
import { bootstrapInterval, mean } from "../../shared/imitation/statistics.ts";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import { Stream, seeded } from "../../shared/random.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { Figure, type Mark } from "../ui/plot.tsx";
import { formatMeasure } from "../worlds/format.ts";
import { ownMeasure } from "./demonstrations.ts";

/**
 * The learner's measure on held-out seeds against the answers it has had, a point a round with its 95 %
 * bootstrap interval. What is resampled are the seeds, whole drives: it says what other starts and
 * another wind might have given, and nothing about another teacher.
 */
export function Chart({ lesson, world }: { lesson: Lesson; world: Level }) {
  const { measure } = world;
  const { rounds } = lesson;
  const points = rounds.map(({ labels, heldOut }) => [labels, mean(heldOut)] as const);
  const intervals = useMemo(
    () =>
      rounds.map(({ seq, labels, heldOut }) => {
        const random = seeded(seq, Stream.query);
        const means = (drawn: ArrayLike<number>) => mean(Array.from(drawn));
        const [low, high] = bootstrapInterval([heldOut], means, random);
        return { x: labels, low, high };
      }),
    [rounds.at(-1)?.seq],
  );
  const own = ownMeasure(lesson);
  const clone = points[0]?.[1];
  if (clone === undefined) return null;
  const say = (value: number) => formatMeasure(value, measure);
  const several = rounds.length > 1;
  const highest = Math.max(
    ...points.map(([, value]) => value),
    own ?? 0,
    ...intervals.map(({ high }) => high),
    measure.scale === "count" ? 1 : 0.1,
  );
  const widest = Math.max(...points.map(([labels]) => labels), 10);
  const constant = (look: string, y: number): Mark => ({ kind: "constant", look, y });
  return (
    <Figure
      caption={
        <>
          <span class="learner">{capital(measure.unit)}</span> against answers given
          {own !== null && (
            <>
              ; <span class="expert">you: {say(own)}</span>
            </>
          )}
          {several && (
            <>
              ; dashed: <span class="learner ghost">the clone, {say(clone)}</span>
            </>
          )}
          . Whiskers: 95 % bootstrap intervals over the {rounds[0]!.heldOut.length} held-out starts,
          not over teachers.
        </>
      }
      x={{ from: -0.04 * widest, to: 1.04 * widest }}
      y={{
        from: 0,
        to: measure.scale === "share" ? 1.04 : 1.1 * highest,
        ...(measure.scale === "share" && { say }),
      }}
      marks={[
        ...(own === null ? [] : [constant("expert", own)]),
        ...(several ? [constant("learner dashed", clone)] : []),
        { kind: "curve", look: "learner", points },
        { kind: "whiskers", look: "learner", intervals },
        { kind: "dots", look: "learner", points },
      ]}
      table={{
        caption: `${measure.unit} after each round`,
        columns: ["Round", "Answers", measure.unit, "95 % interval"],
        rows: points.map(([labels, value], i) => {
          const { low, high } = intervals[i]!;
          return [String(i + 1), String(labels), say(value), `${say(low)} to ${say(high)}`];
        }),
      }}
    />
  );
}

function capital(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
