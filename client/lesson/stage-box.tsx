import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { chime } from "../sound/sound.ts";
import type { StageScene } from "../stage/stage.ts";
import { presentationOf } from "../worlds/index.ts";
import { Thumbnail } from "../worlds/thumbnail.tsx";
import { Hints } from "./hints.ts";
import type { LessonState, PanelProps } from "./state.ts";
import { ThumbPads } from "./thumb-pads.tsx";

/** What to do next, for whoever has never done it. */
function Nudge({ state }: { state: LessonState }) {
  const hints = useMemo(() => new Hints(state), [state]);
  useEffect(() => hints.watch(), [hints]);
  return (
    <p class="nudge" role="status">
      {hints.said.value}
    </p>
  );
}

/** The stage, what is said on it and beneath it, and the buttons for thumbs. */
export function StageBox({
  state,
  on,
  world,
  controls,
  paused,
}: PanelProps & { readonly paused: boolean }) {
  const host = useRef<HTMLDivElement>(null);
  const scene = useRef<StageScene | null>(null);
  const drawn = useSignal(false);
  useEffect(() => {
    let unmount = () => {};
    let gone = false;
    import("../stage/stage.ts").then(
      ({ mountStage }) => {
        if (gone) return;
        const stage = mountStage(host.current!, world, controls);
        stage.scene.activity = state.scene.peek()?.activity ?? null;
        scene.current = stage.scene;
        drawn.value = true;
        unmount = stage.unmount;
      },
      () => {
        on.warn("The stage could not be loaded. Load the page again.");
      },
    );
    return () => {
      gone = true;
      unmount();
    };
  }, [state, on, world, controls]);
  useEffect(() => {
    if (scene.current) scene.current.paused = paused;
  }, [paused, drawn.value]);
  useSignalEffect(() => {
    const activity = state.scene.value?.activity ?? null;
    if (scene.current) scene.current.activity = activity;
  });
  const celebrations = state.celebrations.value;
  useEffect(() => {
    if (celebrations === 0) return;
    chime();
    scene.current?.celebrate();
  }, [celebrations]);
  return (
    <section class="stage-box" aria-label="Stage">
      <p class="caption" aria-hidden="true">
        <span>{state.scene.value?.caption.value}</span>
      </p>
      <div
        class="stage"
        ref={host}
        role="img"
        aria-label={`${world.title}, ${presentationOf(world).words.seen}. ${world.task}`}
      />
      {!drawn.value && (
        <div class="shell">
          <Thumbnail world={world} />
        </div>
      )}
      <Nudge state={state} />
      <ThumbPads state={state} world={world} controls={controls} />
    </section>
  );
}
