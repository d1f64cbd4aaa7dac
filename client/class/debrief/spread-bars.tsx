import type { Spread } from "../../../shared/class/debrief.ts";
import "./spread-bars.css";

/** How several groups of numbers lie, on one scale: from the least to the greatest, the middle half, the median. */
export function SpreadBars({
  rows,
  say,
}: {
  rows: readonly { readonly words: string; readonly spread: Spread }[];
  say: (value: number) => string;
}) {
  const most = Math.max(...rows.map(({ spread }) => spread.greatest));
  const least = Math.min(0, ...rows.map(({ spread }) => spread.least));
  const across = (value: number) => (100 * (value - least)) / (most - least || 1);
  return (
    <dl class="spreads figures">
      {rows.map(({ words, spread: { least, lower, median, upper, greatest, n } }) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>
            <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
              <path d={`M${across(least)} 6H${across(greatest)}`} />
              <rect
                x={across(lower)}
                y={1}
                width={Math.max(0.4, across(upper) - across(lower))}
                height={10}
              />
              <path class="middle" d={`M${across(median)} 0V12`} />
            </svg>
            <span>
              {least === greatest ? (
                <>
                  all at <b>{say(median)}</b> ({n})
                </>
              ) : (
                <>
                  median <b>{say(median)}</b>, half between {say(lower)} and {say(upper)}, from{" "}
                  {say(least)} to {say(greatest)} ({n})
                </>
              )}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
