import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { OpenFile } from "../net/open-file.tsx";
import type { Keeper } from "../net/session.ts";
import { Notice } from "../ui/notice.tsx";
import { withKeeper } from "./keeper.ts";
import { isOffered, worksOffline } from "./offline.ts";
import { askToPersist, isPersistent } from "./storage.ts";

/** Where lessons are kept: what the static build has in place of its namesake in `client/net/`. */
export const keptIn: Keeper = "browser";

/** Why no lesson would be kept here, for whoever has not begun one yet. */
export function Obstacle() {
  const obstacle = useSignal<string | null>(null);
  useEffect(() => {
    withKeeper(async (calls) => calls.whyNothingIsKept()).then(
      (reason) => {
        obstacle.value = reason;
      },
      (error) => {
        obstacle.value = error.message;
      },
    );
  }, []);
  return (
    obstacle.value && (
      <Notice>
        <b>This page cannot keep lessons.</b> {obstacle.value}
      </Notice>
    )
  );
}

/** How lessons are kept here, and a way in for those that come as files. */
export function Keeping({ open }: { open: (lesson: string) => void }) {
  const persists = useSignal(false);
  useEffect(() => {
    void isPersistent().then((isIt) => {
      persists.value = isIt;
    });
  }, []);
  return (
    <>
      <p>
        Lessons are kept in this browser only, on this device.{" "}
        {!persists.value &&
          "The browser may delete them when it needs room. So save important lessons as files. "}
        <Offline />
      </p>
      <OpenFile open={open} takeIn={takeIn} />
    </>
  );
}

/** Keeps a lesson's file in this browser. @throws Error with why it is not */
async function takeIn(file: File): Promise<string> {
  void askToPersist();
  const taken = await withKeeper(async (calls) => calls.takeIn(file));
  if (typeof taken === "string") throw new Error(taken);
  return taken.id;
}

function Offline() {
  if (!isOffered)
    return "You opened this page over plain http, so it works only with a connection.";
  return worksOffline.value ? "This page works without a connection, too." : null;
}
