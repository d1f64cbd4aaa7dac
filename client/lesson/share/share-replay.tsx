import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { download } from "../../browser/download.ts";
import { useBase } from "../../net/base.ts";
import { Notice } from "../../ui/notice.tsx";
import { freshSeed } from "../activities/seed.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { Link, lookLink } from "../links.tsx";
import type { PanelProps } from "../state.ts";
import { type CrashAndRepair, crashAndRepairOf } from "./crash-and-repair.ts";

/** Starts that are tried for one on which the clone crashes and the learner does not. */
const tries = 6;

const none = `Your clone did not crash in ${tries} tries, so there is no crash to show. Try again.`;
const refused = "The drives for the picture are missing. Try again in a moment.";

/** The clone's crash and its repair as an animated picture: to keep, and to send where the browser sends files. */
export function ShareReplay({ state, on, world }: Pick<PanelProps, "state" | "on" | "world">) {
  const file = useSignal<File | null>(null);
  const isMaking = useSignal(false);
  const words = useSignal<string | null>(null);
  const failure = useSignal<string | null>(null);
  const gone = useGone();
  const isOnServer = state.keptIn === "server";
  const base = useBase(isOnServer);
  const link = isOnServer ? lookLink(state.id, base) : null;

  const make = async (): Promise<File | null> => {
    if (file.peek()) return file.peek();
    failure.value = null;
    words.value = "Making the picture …";
    isMaking.value = true;
    try {
      const found = await find(state, on, world, gone);
      if (!found) throw new Error(none);
      const { filmOf } = await import("./film.ts");
      const trails = demonstrationTrails(state.lesson.peek());
      const film = await filmOf(world, found, trails, gone);
      file.value = new File([film], `dagger-dojo-${world.name}.gif`, { type: film.type });
      words.value = null;
    } catch (error) {
      words.value = null;
      if (!gone.aborted) failure.value = (error as Error).message;
    }
    isMaking.value = false;
    return file.peek();
  };
  const save = async () => {
    const made = await make();
    if (!made || gone.aborted) return;
    download(made, made.name);
    words.value = `Saved: ${made.name}, ${(made.size / 1e6).toFixed(1)} MB.`;
  };
  const share = async () => {
    const made = await make();
    if (!made || gone.aborted) return;
    try {
      await navigator.share({ files: [made], title: "DAgger Dojo", ...(link && { url: link }) });
    } catch {
      // Closed by the person, or they pressed too long ago for the browser.
      words.value = "The picture is made. Press Share to send it.";
    }
  };
  return (
    <div class="share">
      <p>
        <button type="button" disabled={isMaking.value} onClick={() => void save()}>
          Save the replay
        </button>
        {sharesPictures() && (
          <button type="button" disabled={isMaking.value} onClick={() => void share()}>
            Share
          </button>
        )}
      </p>
      <p class="quiet-text" role="status">
        {words.value}
      </p>
      {failure.value && <Notice>{failure.value}</Notice>}
      {file.value && link && (
        <Link words="A link to this lesson, to send with the picture" url={link} />
      )}
    </div>
  );
}

/** On the first start that tells clone and learner apart, or else on one where the clone crashes. */
async function find(
  state: PanelProps["state"],
  on: PanelProps["on"],
  world: PanelProps["world"],
  gone: AbortSignal,
): Promise<CrashAndRepair | null> {
  let found: CrashAndRepair | null = null;
  for (let n = 0; n < tries && !found?.holds; n++) {
    const race = await on.race(freshSeed());
    gone.throwIfAborted();
    if (!race && !found) throw new Error(refused);
    if (!race) return found;
    const next = crashAndRepairOf(state.lesson.peek(), world, race);
    if (next?.holds || !found) found = next;
  }
  return found;
}

function sharesPictures(): boolean {
  const picture = new File([], "replay.gif", { type: "image/gif" });
  return navigator.canShare?.({ files: [picture] }) ?? false;
}

/** Aborted once the component is gone. */
function useGone(): AbortSignal {
  const controller = useSignal(new AbortController());
  useEffect(() => () => controller.peek().abort(), [controller]);
  return controller.peek().signal;
}
