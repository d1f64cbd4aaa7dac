import { signal } from "@preact/signals";

/** Lets a static page be opened without a connection, by its service worker. */

/** Whether the browser offers that to this page: it does so over https, and on localhost. */
export const isOffered = "serviceWorker" in navigator;

/** Whether all of the page's files are kept. */
export const worksOffline = signal(false);

/** Has the files of all pages kept, and those of this page's build for as long as the page is open. */
export function keepOffline(): void {
  if (!isOffered) return;
  // A script's name has a hash of all that it can ever load: it tells the builds apart.
  const held = () => new Promise<void>(() => {});
  for (const { src } of document.querySelectorAll<HTMLScriptElement>("script[type=module]"))
    navigator.locks.request(src, { mode: "shared" }, held).catch(warn);
  navigator.serviceWorker.register("./service-worker.js", { updateViaCache: "none" }).catch(warn);
  void navigator.serviceWorker.ready.then(() => {
    worksOffline.value = true;
  });
}

/** A browser that keeps nothing offers neither locks nor a service worker. The page works while connected. */
function warn(error: unknown): void {
  console.warn(error);
}
