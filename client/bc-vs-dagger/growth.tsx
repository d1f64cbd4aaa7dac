import { found, round, world } from "./comparing.ts";
import { names, type Who } from "./words.ts";

/** Error so far against time: everyone's, and how the two theorems' worst cases would go on. */
export function Growth() {
  const place = world.value;
  const now = round.value;
  if (!found.value || !now || !place) return null;
  const { horizon } = place;
  const { expert, rounds } = found.value;
  // One scale for all rounds, so that the slider moves the lines and not the paper.
  const highest = Math.max(
    ...[expert, ...rounds.flatMap(({ cloning, dagger }) => [cloning, dagger])].map(
      ({ error }) => error.at(-1)!,
    ),
  );
  const { top, ticks } = scale(1.1 * highest);
  const line = (error: ArrayLike<number>) =>
    `M0 ${top}${Array.from(error, (value, t) => `L${t + 1} ${(top - value).toFixed(3)}`).join("")}`;
  const lines: readonly (readonly [Who, readonly number[]])[] = [
    ["expert", expert.error],
    ["cloning", now.cloning.error],
    ["dagger", now.dagger.error],
  ];
  const guides = guidesOf(expert.error, now.cloning.error, now.dagger.error);
  const steps = scale(horizon).ticks;
  const percent = (share: number) => `${100 * share}%`;
  return (
    <figure class="growth">
      <figcaption>
        Error so far, against time steps: how far off the{" "}
        {place.canFall ? "middle (1 is the edge, or a fall)" : "curve"}, summed over the steps; mean
        over the held-out drives.
      </figcaption>
      <div class="plot figures" aria-hidden="true">
        {ticks.map((value) => (
          <span key={value} class="y" style={{ bottom: percent(value / top) }}>
            {value}
          </span>
        ))}
        {steps.map((t) => (
          <span key={t} class="x" style={{ left: percent(t / horizon) }}>
            {t}
          </span>
        ))}
        <svg viewBox={`0 0 ${horizon} ${top}`} preserveAspectRatio="none" aria-hidden="true">
          {ticks.map((value) => (
            <path key={value} class="rule" d={`M0 ${top - value}H${horizon}`} />
          ))}
          {guides.map(({ name, error }) => (
            <path key={name} class="guide" d={line(error)} />
          ))}
          {lines.map(([who, error]) => (
            <path key={who} class={`line ${who}`} d={line(error)} />
          ))}
        </svg>
        {guides.map(({ name, error }) => {
          const leaves = error.findIndex((value) => value > top);
          const t = leaves < 0 ? horizon : leaves;
          return (
            <span
              key={name}
              class="guide-name"
              style={{
                left: percent(t / horizon),
                bottom: percent(Math.min(1, error[t - 1]! / top)),
              }}
            >
              {name}
            </span>
          );
        })}
      </div>
      <div class="hidden">
        <table>
          <caption>Error so far</caption>
          <thead>
            <tr>
              <th>Step</th>
              {lines.map(([who]) => (
                <th key={who}>{names[who]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.slice(1).map((t) => (
              <tr key={t}>
                <th>{t}</th>
                {lines.map(([who, error]) => (
                  <td key={who}>{error[t - 1]!.toFixed(1)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
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

/** An axis from 0 to `top`, with a few round numbers on it. */
function scale(top: number) {
  const rough = 10 ** Math.floor(Math.log10(top / 4));
  const step = [1, 2, 5, 10].map((m) => m * rough).find((step) => top / step <= 5)!;
  const ticks = Array.from({ length: Math.floor(top / step) + 1 }, (_, i) =>
    Number((i * step).toPrecision(6)),
  );
  return { top, ticks };
}
