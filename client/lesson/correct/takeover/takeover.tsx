import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { count } from "../../../../shared/plural.ts";
import { policyKinds } from "../../../../shared/policies/index.ts";
import type { Policy, PolicyJson } from "../../../../shared/policies/policy.ts";
import { Controller, type Episode } from "../../../../shared/worlds/episode.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { KeyHint, useKey } from "../../../ui/keys.tsx";
import { sayLength } from "../../../worlds/format.ts";
import { freshSeed } from "../../activities/seed.ts";
import { Whereabouts } from "../../activities/whereabouts.tsx";
import type { Classroom } from "../../classroom.ts";
import { demonstrationTrails } from "../../demonstrations.ts";
import { Chart } from "../../learning-curve.tsx";
import { Working } from "../../working.tsx";
import { labelsIn, TakingOver, takeoversIn } from "./taking-over.ts";

/** The learner drives; the person takes the wheel where they see fit. */
export function Takeover({ room, world }: { room: Classroom; world: Level }) {
  const lesson = room.lesson.value;
  const number = lesson.rounds.length;
  const { interventions } = lesson.rounds.at(-1)!;
  const policy = useLearner(room, number - 1);
  const shared = useSignal<TakingOver | null>(null);

  const prepare = () => {
    const keep = async (episode: Episode) => {
      const words = sayEpisode(world, episode);
      if (!episode.controllers.includes(Controller.expert)) {
        room.news.value = "Drive over. You never took the wheel: nothing to learn from.";
      } else if (await room.ask("intervene", { round: number - 1, episode })) {
        room.news.value = `Saved. ${words}.`;
      }
    };
    const activity = new TakingOver(
      world,
      policy!,
      freshSeed(),
      room.controls,
      demonstrationTrails(room.lesson.peek()),
      (episode) => void keep(episode),
    );
    shared.value = activity;
    room.show(activity);
    return activity;
  };
  useLayoutEffect(() => {
    if (!policy) return;
    prepare();
    return () => {
      shared.value = null;
      room.show(null);
    };
    // Until another learner comes, the one that is here drives.
  }, [room, world, policy]);

  useSignalEffect(() => {
    const { phase, hands } = shared.value?.progress.value ?? { phase: "coming", hands: false };
    room.caption.value = {
      coming: "The learner is on its way …",
      ready: "Let it drive, and be ready",
      driving: hands
        ? world.steering.pace === "runs"
          ? "You have the wheel"
          : "Your move"
        : "The learner drives",
      over: "Drive over",
    }[phase];
  });

  const advance = () => {
    const phase = shared.peek()?.progress.peek().phase;
    if (!phase || room.busy.peek()) return;
    if (phase === "driving") {
      shared.peek()!.finish();
      return;
    }
    // Whatever has the focus would take the arrow keys or the space bar for itself.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    const activity = phase === "ready" ? shared.peek()! : prepare();
    activity.start();
    room.news.value = "The learner drives.";
  };
  const takeBack = async () => {
    const last = room.lesson.peek().rounds.at(-1)!.interventions.at(-1);
    if (!last || room.busy.peek()) return;
    if (await room.ask("retract", { correction: last.seq })) room.news.value = "Taken back.";
  };
  useKey("Enter", advance);
  useKey("Escape", () => shared.peek()?.finish());
  useKey("KeyZ", () => void takeBack());
  useKey("KeyT", () => void room.train());

  return (
    <>
      <h2>Take over</h2>
      <p>
        The <span class="learner">learner</span> drives. Take over wherever you would not do as it
        does: it learns from <span class="expert">your steps</span> and no others.
      </p>
      <p class="next">
        <Advance shared={shared.value} busy={room.busy.value} advance={advance} />
        <button
          type="button"
          disabled={interventions.length === 0 || room.busy.value}
          onClick={() => void takeBack()}
        >
          Take back <kbd>Z</kbd>
        </button>
        {interventions.length > 0 && (
          <button type="button" disabled={room.busy.value} onClick={() => void room.train()}>
            Train again <kbd>T</kbd>
          </button>
        )}
      </p>
      {shared.value && <Whereabouts driving={shared.value} />}
      <Tally shared={shared.value} world={world} />
      <p class="hint">
        {world.steering.pace === "runs" ? (
          <>
            Hold{" "}
            <span class="by-keys">
              <KeyHint world={world} />, or{" "}
            </span>
            the picture where you want to go; let go and it drives on.
          </>
        ) : (
          <>
            <span class="by-keys">
              <KeyHint world={world} />, or{" "}
            </span>
            a press on the picture, is your move instead of its own. Hold on to stop it.
          </>
        )}
      </p>
      <Working room={room} work="train" words="Learning from you" />
      <h3>
        Drives this round <span class="count">{interventions.length}</span>
      </h3>
      {interventions.length === 0 ? (
        <p class="quiet-text">None in which you took over yet.</p>
      ) : (
        <ol class="episodes">
          {interventions.map(({ seq, episode }) => (
            <li key={seq}>
              <span class="episode-words">{sayEpisode(world, episode)}</span>
            </li>
          ))}
        </ol>
      )}
      <Chart lesson={lesson} world={world} />
    </>
  );
}

/** What the person has given in the drive under way. */
function Tally({ shared, world }: { shared: TakingOver | null; world: Level }) {
  const { time, seconds, takeovers, labels, falls } = shared?.progress.value ?? {
    time: 0,
    seconds: 0,
    takeovers: 0,
    labels: 0,
    falls: 0,
  };
  return (
    <div class="clock">
      <progress value={time / world.horizon} max={1} aria-label="Share of the drive" />
      <dl class="tally figures">
        <div>
          <dt>Takeovers</dt>
          <dd class="takeovers">{takeovers}</dd>
        </div>
        <div>
          <dt>Labels</dt>
          <dd class="labels">{labels}</dd>
        </div>
        <div>
          <dt>A minute</dt>
          <dd>{seconds > 0 ? Math.round((60 * labels) / seconds) : "–"}</dd>
        </div>
        {world.canFall && (
          <div>
            <dt>falls</dt>
            <dd>{falls}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

function Advance(props: { shared: TakingOver | null; busy: boolean; advance: () => void }) {
  const phase = props.shared?.progress.value.phase ?? "ready";
  const words = { ready: "Let it drive", driving: "End the drive", over: "Another drive" }[phase];
  return (
    <button
      type="button"
      class="primary"
      disabled={!props.shared || props.busy}
      onClick={props.advance}
    >
      {words} <kbd>Enter</kbd>
    </button>
  );
}

/** What round number `round` learned, as a policy that drives here; null until it has come. */
function useLearner(room: Classroom, round: number): Policy | null {
  const learner = useSignal<Policy | null>(null);
  useEffect(() => {
    let gone = false;
    room.connection.policy().then(
      ({ round: of, json }) => {
        // Where another round has been trained meanwhile, this is called again for that one.
        if (gone || of !== round) return;
        const parsed: PolicyJson = JSON.parse(json);
        learner.value = policyKinds[parsed.kind]!.fromJSON(parsed);
      },
      () => {
        if (!gone) room.notice.value = "The learner could not be fetched.";
      },
    );
    return () => {
      gone = true;
      learner.value = null;
    };
  }, [room, round, learner]);
  return learner.value;
}

function sayEpisode(world: Level, { controllers }: Episode): string {
  const long = sayLength(world, controllers.length);
  return `${long}, ${count(takeoversIn(controllers), "takeover")}, ${count(labelsIn(controllers), "label")}`;
}
