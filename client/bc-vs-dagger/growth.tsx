import { ticks } from "d3-array";
import { Figure, type Mark } from "../ui/plot.tsx";
import { found, round, world } from "./comparing.ts";
import { looks } from "./looks.ts";
import { names, type Who } from "./words.ts";

/** Where one cannot crash: error so far against time, and how the two theorems' worst cases would go on. */
export function Growth() {
  const place = world.value;
  const now = round.value;
  if (!found.value || !now || !place) return null;
  const { horizon } = place;
  const { expert, rounds } = found.value;
  // One scale for all rounds, so that the slider moves the lines and not the paper.
  const highest = Math.max(
    ...[expert, ...rounds.flatMap(({ driven: { cloning, dagger } }) => [cloning, dagger])].map(
      ({ curve }) => curve.at(-1)!,
    ),
  );
  const lines: readonly (readonly [Who, readonly number[]])[] = [
    ["expert", expert.curve],
    ["cloning", now.driven.cloning.curve],
    ["dagger", now.driven.dagger.curve],
  ];
  const guides = guidesOf(expert.curve, now.driven.cloning.curve, now.driven.dagger.curve);
  return (
    <Figure
      caption={
        <>
          Error so far, by steps: how far off the curve, summed over the steps. Average of the test
          drives.
        </>
      }
      x={{ from: 0, to: horizon }}
      y={{ from: 0, to: 1.1 * highest }}
      marks={[
        ...guides.map(
          ({ name, error }): Mark => ({
            kind: "curve",
            look: "guide dotted",
            points: pointsOf(error),
            name,
          }),
        ),
        ...lines.map(
          ([who, error]): Mark => ({
            kind: "curve",
            look: looks[who],
            points: pointsOf(error),
          }),
        ),
      ]}
      table={{
        caption: "Error so far",
        columns: ["Step", ...lines.map(([who]) => names[who])],
        rows: ticks(0, horizon, 5)
          .slice(1)
          .map((t) => [String(t), ...lines.map(([, error]) => error[t - 1]!.toFixed(1))]),
      }}
    >
      <p class="quiet-text">
        Faint: the worst cases in theory, T²ε for cloning and Tε for DAgger, on top of the expert’s
        own error. For each, ε is the smallest that fits at every step. In the table’s last column,
        1 is a straight line and 3 is T².
      </p>
    </Figure>
  );
}

/** After each step, from none before the first. */
function pointsOf(error: readonly number[]): readonly (readonly [number, number])[] {
  return [0, ...error].map((value, t) => [t, value]);
}

/**
 * What is worst, on top of the expert's own error: T²ε for cloning, Tε for DAgger (Ross, Gordon and
 * Bagnell 2011, Theorems 2.1 and 3.2). Their ε is a probability of doing otherwise than the expert,
 * which continuous actions do not have; so each guide has the least ε that holds at every step.
 */
function guidesOf(
  expert: readonly number[],
  cloning: readonly number[],
  dagger: readonly number[],
) {
  return [
    { name: "T²ε", power: 2, learner: cloning },
    { name: "Tε", power: 1, learner: dagger },
  ].map(({ name, power, learner }) => {
    const least = Math.max(0, ...learner.map((e, t) => (e - expert[t]!) / (t + 1) ** power));
    return { name, error: expert.map((e, t) => e + least * (t + 1) ** power) };
  });
}
