import { BenchHeader } from "../ui/bench-header.tsx";
import { Choice } from "../ui/choice.tsx";
import { CommandButton, useCommand } from "../ui/commands.tsx";
import { letterKey, spaceKey } from "../ui/keyboard.ts";
import { Notice } from "../ui/notice.tsx";
import { About } from "./about.tsx";
import { failed, found, isStale, progress, round, setting, world } from "./comparing.ts";
import { DriveYourself } from "./drive-yourself.tsx";
import { type ArenaName, heldOut, shownDrive } from "./duel.ts";
import { Growth } from "./growth.tsx";
import { Legend } from "./legend.tsx";
import { playing, playOrPause, restart } from "./playback.ts";
import { Scene } from "./scene.tsx";
import { Scores } from "./scores.tsx";
import { Sliders } from "./sliders.tsx";
import { Survival } from "./survival.tsx";
import { summary, winds } from "./words.ts";

const another = () => {
  setting.value = { ...setting.value, seed: setting.value.seed + 1 };
};

/** The page on which a learner that only copies and one that is corrected drive the same way. */
export function BcVsDagger() {
  const available = found.value !== null;
  const play = useCommand({
    key: spaceKey,
    label: playing.value ? "Pause" : "Play",
    available,
    run: playOrPause,
  });
  const again = useCommand({ key: letterKey("R"), label: "Restart", available, run: restart });
  const next = useCommand({
    key: letterKey("N"),
    label: "Another run",
    available: true,
    run: another,
  });
  const { arena, seed } = setting.value;
  return (
    <main class="welcome bench-page duel">
      <BenchHeader />
      <h1>Cloning and DAgger compared</h1>
      <p class="lead">
        Two ways to learn from an <span class="expert">expert</span>. Cloning (behavioural cloning,
        BC) watches more drives of the expert. <span class="learner">DAgger</span> drives by itself,
        and the expert says what to do in the places that it reached.
        {arena === "road" && " Two more learners show which part of DAgger it is that helps."}
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
            <CommandButton command={play} primary />
            <CommandButton command={again} />
            <CommandButton command={next} />
            <span class="seed figures">
              Run {seed}, test drive {shownDrive(setting.value) + 1} of {heldOut}
            </span>
          </p>
          <Legend />
        </section>
        <section class="side" aria-label="The comparison">
          <Sliders />
          <Waiting />
          <div class={isStale.value ? "found stale" : "found"} aria-busy={isStale.value}>
            <p class="in-words" aria-live="polite">
              {found.value && round.value && summary(world.value!, found.value, round.value)}
            </p>
            <Scores />
            {world.value?.canFall ? <Survival /> : <Growth />}
          </div>
        </section>
      </div>
      {arena === "path" && <DriveYourself />}
      <About />
    </main>
  );
}

/** Says that the drives are being computed, to those who have waited for half a second, or that they can't be. */
function Waiting() {
  if (failed.value)
    return (
      <Notice>These drives could not be computed. Try another run, or load the page again.</Notice>
    );
  return (
    <p class="working">
      {isStale.value && (
        <label>
          Training the learners <progress value={progress.value} max={1} />
        </label>
      )}
    </p>
  );
}
