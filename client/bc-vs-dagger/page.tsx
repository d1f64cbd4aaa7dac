import { Choice } from "../ui/choice.tsx";
import { useKey } from "../ui/keys.tsx";
import { ThemeButton } from "../ui/theme.tsx";
import { failed, found, isStale, progress, round, rounds, setting, world } from "./comparing.ts";
import { type ArenaName, heldOut, mostRounds, type Performance, shownDrive } from "./duel.ts";
import { Growth } from "./growth.tsx";
import { playing, playOrPause, restart } from "./playback.ts";
import { Scene } from "./scene.tsx";
import { bend, digits, summary, type Who, winds } from "./words.ts";

const another = () => {
  setting.value = { ...setting.value, seed: setting.value.seed + 1 };
};

/** The page on which a learner that only copies and one that is corrected drive the same way. */
export function BcVsDagger() {
  useKey("Space", playOrPause);
  useKey("KeyR", restart);
  useKey("KeyN", another);
  const { arena, seed } = setting.value;
  return (
    <main class="welcome explorer duel">
      <header>
        <p class="brand">
          <a href="./">DAgger Dojo</a>
        </p>
        <ThemeButton />
      </header>
      <h1>BC vs DAgger</h1>
      <p class="lead">
        Both learners copy the <span class="expert">expert</span>. Cloning sees more of what the
        expert does; <span class="learner">DAgger</span> is told what to do where it went itself.
      </p>
      <div class="bench">
        <section class="table" aria-label="The drive">
          <Choice<ArenaName>
            legend="World"
            name="arena"
            options={{ path: "Path", road: "Road" }}
            chosen={arena}
            choose={(chosen) => {
              setting.value = { ...setting.value, arena: chosen, wind: winds[chosen].usual };
            }}
          />
          <Scene />
          <p class="next">
            <button type="button" class="primary" disabled={!found.value} onClick={playOrPause}>
              {playing.value ? "Pause" : "Play"} <kbd>Space</kbd>
            </button>
            <button type="button" disabled={!found.value} onClick={restart}>
              Restart <kbd>R</kbd>
            </button>
            <button type="button" onClick={another}>
              Another seed <kbd>N</kbd>
            </button>
            <span class="seed figures">
              Seed {seed}, held-out drive {shownDrive(setting.value) + 1} of {heldOut}
            </span>
          </p>
          <Key />
        </section>
        <section class="side" aria-label="The comparison">
          <Sliders />
          <Waiting />
          <div class={isStale.value ? "found stale" : "found"} aria-busy={isStale.value}>
            <p class="in-words" aria-live="polite">
              {found.value &&
                round.value &&
                summary(found.value, round.value, world.value!.measure)}
            </p>
            <Figures />
            <Growth />
          </div>
        </section>
      </div>
      <Notes />
    </main>
  );
}

function Sliders() {
  const { arena, wind } = setting.value;
  const { words, unit, most, step } = winds[arena];
  return (
    <div class="sliders">
      <Slider
        words="Rounds of DAgger"
        value={rounds.value}
        shown={rounds.value === 0 ? "0, cloning only" : String(rounds.value)}
        most={mostRounds}
        step={1}
        set={(value) => {
          rounds.value = value;
        }}
      />
      <Slider
        words={words}
        value={wind}
        shown={`${wind} ${unit}`}
        most={most}
        step={step}
        set={(value) => {
          setting.value = { ...setting.value, wind: value };
        }}
      />
    </div>
  );
}

function Slider({
  words,
  value,
  shown,
  most,
  step,
  set,
}: {
  words: string;
  value: number;
  shown: string;
  most: number;
  step: number;
  set: (value: number) => void;
}) {
  return (
    <label>
      <span>
        {words}: <b class="figures">{shown}</b>
      </span>
      <input
        type="range"
        min="0"
        max={most}
        step={step}
        value={value}
        aria-label={words}
        aria-valuetext={shown}
        onInput={(event) => set(event.currentTarget.valueAsNumber)}
        onKeyDown={(event) => {
          // A slider has no use for it, and whoever moved it wants to see what comes of that.
          if (event.code !== "Space" || event.repeat) return;
          event.preventDefault();
          playOrPause();
        }}
      />
    </label>
  );
}

/** Says that the drives are being computed, to those who have waited for half a second, or that they can't be. */
function Waiting() {
  if (failed.value)
    return (
      <p class="notice" role="alert">
        These drives could not be computed. Try another seed, or reload the page.
      </p>
    );
  return (
    <p class="working">
      {isStale.value && (
        <progress value={progress.value} max={1} aria-label="Training both learners" />
      )}
    </p>
  );
}

function Figures() {
  const now = round.value;
  if (!found.value || !now || !world.value) return null;
  const { measure } = world.value;
  const rows: readonly { who: Who; name: string; labels: number | null; driven: Performance }[] = [
    { who: "expert", name: "Expert", labels: null, driven: found.value.expert },
    { who: "cloning", name: "Cloning", labels: now.labels, driven: now.cloning },
    { who: "dagger", name: "DAgger", labels: now.labels, driven: now.dagger },
  ];
  const columns = [
    "Labels",
    measure.scale === "length" ? "Off the curve" : "Falls a drive",
    "2nd half ÷ 1st",
  ];
  return (
    <>
      <div class="compared">
        <table class="scores-table">
          <thead>
            <tr>
              <td />
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ who, name, labels, driven }) => (
              <tr key={who}>
                <th scope="row" class={who === "expert" ? "expert" : "learner"}>
                  {name}
                </th>
                {[labels ?? "–", digits(driven.measure), digits(bend(driven.error))].map(
                  (cell, i) => (
                    <td key={columns[i]} data-column={columns[i]}>
                      {cell}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet-text">{honesty(measure.scale === "length")}</p>
    </>
  );
}

/** What not to expect of this world. */
function honesty(curve: boolean): string {
  const expert = digits(found.value!.expert.measure);
  return curve
    ? `Even the expert is ${expert} off the curve here, and straight lines, which is all that this learner knows, cannot follow it whoever is at the wheel: the differences are small. The road is where cloning falls.`
    : "Where the wind blows, demonstrations hold recoveries too: cloning gets better by them, if later. A fall puts the car back in the middle, so that errors cannot grow for ever.";
}

/** What is drawn how, in the picture and the chart. */
function Key() {
  return (
    <ul class="key">
      <li>
        <Sample who="expert" /> expert
      </li>
      <li>
        <Sample who="cloning" /> cloning
      </li>
      <li>
        <Sample who="dagger" /> DAgger
      </li>
      <li>
        <svg viewBox="0 0 36 12" class="corrections" aria-hidden="true">
          <path d="M6 6h0M18 6h0M30 6h0" />
        </svg>{" "}
        where it was corrected
      </li>
      {setting.value.arena === "road" && (
        <li>
          <Fall who="cloning" /> <Fall who="dagger" /> falls
        </li>
      )}
    </ul>
  );
}

function Sample({ who }: { who: Who }) {
  return (
    <svg viewBox="0 0 36 12" class={`drive ${who}`} aria-hidden="true">
      <path class="trail" d="M1 6H35" />
    </svg>
  );
}

function Fall({ who }: { who: Who }) {
  return (
    <svg viewBox="0 0 12 12" class={`drive ${who}`} aria-hidden="true">
      <path class="fall" d="M2 2L10 10M2 10L10 2" />
    </svg>
  );
}

function Notes() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>What is compared</h2>
      <p>
        Both learners begin as one, cloned from the same demonstrations. In each round both are
        given the same number of further labels, for as many states of as many drives with the same
        starts, chosen alike. The one difference is who is at the wheel when these states are met:
        the learner in DAgger, the expert in cloning, to which these drives are further
        demonstrations. Numbers are means over {heldOut} drives that neither was trained on. They
        are from one seed; another seed gives others.
      </p>
      <p>
        On the path the learner is the article’s: straight lines, five drives of 30 steps a round,
        all of them labelled. On the road it has random Fourier features and one demonstration of
        200 steps; a round is two drives, and 25 of their states, drawn at random, are labelled.
        With hundreds of labels a round cloning catches up there. DAgger promises that one of its
        policies is good, not that each is better than the last.
      </p>
    </section>
  );
}
