import type { ComponentChildren } from "preact";
import { strokeOf } from "../../drawing/trails.ts";
import { type Command, CommandButton } from "../../ui/commands.tsx";
import { formatTime } from "../../worlds/format.ts";
import { trajectoryOf } from "../../worlds/replays.ts";
import { Chart } from "../learning-curve.tsx";
import type { PanelProps } from "../state.ts";
import { Errors } from "./error-chart.tsx";
import { type Highlight, laterFalls, sayMoment, sayTime } from "./highlights.ts";

const list = new Intl.ListFormat("en");

/** All else that can be said of a round. */
export function Curious({
  state,
  world,
  moments,
  playing,
  densities,
  dense,
  children,
}: Pick<PanelProps, "state" | "world"> & {
  readonly moments: readonly (Highlight | null)[];
  /** Index of the drive that is being played; null while none is. */
  readonly playing: number | null;
  readonly densities: Command;
  readonly dense: boolean;
  /** What else there is to be curious about, first. */
  readonly children?: ComponentChildren;
}) {
  const lesson = state.lesson.value;
  const round = lesson.rounds.at(-1)!;
  const again = round.episodes.map((episode) => {
    const times = laterFalls(trajectoryOf(episode)).map((t) => sayTime(world, t));
    return times.length === 0 ? "" : `Again at ${list.format(times)}.`;
  });
  return (
    <details class="curious">
      <summary>For the curious</summary>
      {children}
      <h3>Where it went</h3>
      <ol class="moments">
        {moments.map((moment, i) => (
          <li key={i} aria-current={i === playing ? "true" : undefined}>
            {moment ? (
              <>
                <b>{sayTime(world, moment.t)}</b> {sayMoment(moment)} {again[i]}
              </>
            ) : world.canFall ? (
              "No crash."
            ) : (
              "It stayed where you have been."
            )}
          </li>
        ))}
      </ol>
      <Doubt />
      <p class="choices">
        <CommandButton command={densities} pressed={dense} />
      </p>
      {dense && (
        <p class="densities">
          <span class="blot expert-blot" /> where you were <span class="blot learner-blot" /> where
          it goes
        </p>
      )}
      <Chart lesson={lesson} world={world} />
      <Errors lesson={lesson} world={world} />
      <p class="figures">
        It learned from {round.pairs} pairs of state and action, in {formatTime(round.ms)}. Of these
        pairs {round.labels} are your answers. Loss: {round.loss.toPrecision(2)}.
      </p>
    </details>
  );
}

/** The scale of its track: a stroke of each width and colour. */
function Doubt() {
  return (
    <figure class="familiarity">
      <figcaption>The thicker the track, the less sure the learner is there</figcaption>
      <ol>
        {[0, 0.06, 0.25, 0.56, 1].map((uncertainty) => {
          const { width, colour } = strokeOf(uncertainty);
          const mixed = `color-mix(in srgb, var(--learner) ${100 * colour}%, var(--paper))`;
          return (
            <li key={uncertainty}>
              <span style={{ height: `${1.3 * width}px`, background: mixed }} />
              {uncertainty === 0 ? "sure" : uncertainty === 1 ? "not sure" : ""}
            </li>
          );
        })}
      </ol>
    </figure>
  );
}
