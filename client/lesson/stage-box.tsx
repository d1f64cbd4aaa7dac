import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Level } from "../../shared/worlds/level.ts";
import type { StageScene } from "../stage/stage.ts";
import { presentationOf } from "../worlds/index.ts";
import { Thumbnail } from "../worlds/thumbnail.tsx";
import type { Classroom } from "./classroom.ts";
import { Hints } from "./hints.ts";
import { ThumbPads } from "./thumb-pads.tsx";

/** What to do next, for whoever has never done it. */
function Nudge({ room }: { room: Classroom }) {
  const hints = useMemo(() => new Hints(room), [room]);
  useEffect(() => hints.watch(), [hints]);
  return (
    <p class="nudge" role="status">
      {hints.said.value}
    </p>
  );
}

/** The stage, what is said on it and beneath it, and the buttons for thumbs. */
export function StageBox(props: { room: Classroom; world: Level; paused: boolean }) {
  const { room, world, paused } = props;
  const host = useRef<HTMLDivElement>(null);
  const scene = useRef<StageScene | null>(null);
  const drawn = useSignal(false);
  useEffect(() => {
    let unmount = () => {};
    let gone = false;
    import("../stage/stage.ts").then(
      ({ mountStage }) => {
        if (gone) return;
        const stage = mountStage(host.current!, world, room.controls);
        stage.scene.activity = room.activity.peek();
        scene.current = stage.scene;
        drawn.value = true;
        unmount = stage.unmount;
      },
      () => {
        room.notice.value = "The stage could not be fetched; load the page again.";
      },
    );
    return () => {
      gone = true;
      unmount();
    };
  }, [room, world]);
  useEffect(() => {
    if (scene.current) scene.current.paused = paused;
  }, [paused, drawn.value]);
  useSignalEffect(() => {
    const activity = room.activity.value;
    if (scene.current) scene.current.activity = activity;
  });
  return (
    <section class="stage-box" aria-label="Stage">
      <p class="caption" aria-hidden="true">
        {room.caption.value}
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
      <Nudge room={room} />
      <ThumbPads room={room} world={world} />
    </section>
  );
}
