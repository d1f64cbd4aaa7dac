/**
 * The service worker of the static pages. It keeps the files of each build for as long as a page of that
 * build is open: whatever such a page has still to load, it gets, though the folder on the server may
 * have another build by then. A new visit gets the newest build there is, or the last one that is kept.
 */
export {};

declare const self: ServiceWorkerGlobalScope;
/** Files of this build, as paths beside this one, with the digest of each; the build writes them here. */
declare const buildFiles: readonly (readonly [path: string, integrity: string])[];
/** Differs from build to build. */
declare const buildName: string;

const { scope } = self.registration;
/** Of the names of all caches; other pages may have others on the same origin. */
const prefix = `dagger-dojo ${scope} `;
const current = prefix + buildName;
/** Milliseconds to wait for the newest page before the last one is shown. */
const patience = 5000;

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) =>
  event.waitUntil(Promise.all([self.clients.claim(), tidy()])),
);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  if (request.mode === "navigate") {
    event.respondWith(page(request));
    event.waitUntil(tidy());
  } else event.respondWith(file(request));
});

/** Keeps all files of this build, or none: the digests tell where the folder's content has changed meanwhile. */
async function install(): Promise<void> {
  const cache = await caches.open(current);
  await Promise.all(
    buildFiles.map(async ([path, integrity]) => {
      const url = new URL(path, scope).href;
      const kept = isPage(path) ? undefined : await caches.match(url, { ignoreVary: true });
      if (kept) await cache.put(url, kept);
      else await cache.add(new Request(url, { integrity, cache: "no-cache" }));
    }),
  );
  // Pages of other builds go on with what is kept for them.
  await self.skipWaiting();
}

/** The newest page; the one that is kept where that does not come. */
async function page(request: Request): Promise<Response> {
  const signal = AbortSignal.timeout(patience);
  const newest = await fetch(request, { cache: "no-cache", signal }).catch(() => null);
  if (newest && newest.status < 400) return newest;
  const url = new URL(request.url);
  if (url.pathname.endsWith("/")) url.pathname += "index.html";
  const cache = await caches.open(current);
  const kept = await cache.match(url, { ignoreSearch: true, ignoreVary: true });
  return kept ?? newest ?? Response.error();
}

/** A file, whose name has a hash of its content, of whichever build. */
async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** Deletes what is kept of builds of which no page is open, but for this one and the one before. */
async function tidy(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(prefix));
  const at = builds.indexOf(current);
  const { held = [] } = await navigator.locks.query();
  for (const build of builds.slice(0, Math.max(0, at - 1))) {
    const cache = await caches.open(build);
    const isOpen = await Promise.all(held.map(({ name = "" }) => cache.match(name)));
    if (!isOpen.some((found) => found)) await caches.delete(build);
  }
}

function isPage(path: string): boolean {
  return path.endsWith(".html");
}
