import { useMemo } from "preact/hooks";
import type { Lesson } from "../../shared/lesson/lesson.ts";
import type { Level } from "../../shared/worlds/level.ts";
import { Figure, type Mark } from "../ui/plot.tsx";
import { formatMeasure } from "../worlds/format.ts";
import { ownMeasure } from "./demonstrations.ts";
import { bestSoFar, toldOf } from "./headline.ts";

/**
 * The number that is told of the learner, against the answers it has had: a point a round, which is the
 * best learner so far, with its 95 % interval. The interval is over the starts, whole drives: it says what other
 * starts and another wind might have given, and nothing about another teacher.
 */
export function Chart({ lesson, world }: { lesson: Lesson; world: Level }) {
  const { measure } = world;
  const { rounds } = lesson;
  const told = useMemo(
    () => bestSoFar(lesson).map((round) => toldOf(world, round)),
    [world, rounds.at(-1)?.seq],
  );
  const [clone] = told;
  if (!clone) return null;
  const points = rounds.map(({ labels }, i) => [labels, told[i]!.value] as const);
  const intervals = rounds.map(({ labels: x }, i) => {
    const [low, high] = told[i]!.interval;
    return { x, low, high };
  });
  // A person drives too short a time for laps to be told of them in the same way.
  const own = clone.held === null ? ownMeasure(lesson) : null;
  const say = (value: number) =>
    clone.held === null ? formatMeasure(value, measure) : value.toFixed(1);
  const several = rounds.length > 1;
  const isShare = clone.held === null && measure.scale === "share";
  const highest = Math.max(
    ...points.map(([, value]) => value),
    own ?? 0,
    ...intervals.map(({ high }) => high),
    clone.held !== null || measure.scale === "count" ? 1 : 0.1,
  );
  const widest = Math.max(...points.map(([labels]) => labels), 10);
  const constant = (look: string, y: number): Mark => ({ kind: "constant", look, y });
  return (
    <Figure
      caption={
        <>
          <span class="learner">{capital(clone.unit)}</span>, by answers given
          {own !== null && (
            <>
              . <span class="expert">You: {say(own)}</span>
            </>
          )}
          {several && (
            <>
              . Dashed: <span class="learner ghost">the clone, {clone.words}</span>
            </>
          )}
          . Dot: the {clone.held === null ? "average" : "median"} of {clone.starts} tries. Line: how
          sure that is.
        </>
      }
      x={{ from: -0.04 * widest, to: 1.04 * widest }}
      y={{ from: 0, to: isShare ? 1.04 : 1.1 * highest, ...(isShare && { say }) }}
      marks={[
        ...(own === null ? [] : [constant("expert", own)]),
        ...(several ? [constant("learner dashed", clone.value)] : []),
        { kind: "curve", look: "learner", points },
        { kind: "whiskers", look: "learner", intervals },
        { kind: "dots", look: "learner", points },
      ]}
      table={{
        caption: `${clone.unit} after each round`,
        columns: ["Round", "Answers", clone.unit, "95 % interval"],
        rows: points.map(([labels], i) => {
          const { low, high } = intervals[i]!;
          return [String(i + 1), String(labels), told[i]!.words, `${say(low)} to ${say(high)}`];
        }),
      }}
    />
  );
}

function capital(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
