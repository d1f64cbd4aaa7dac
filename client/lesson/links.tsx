import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { secretOf } from "../net/secrets.ts";

const ownNames = /^(localhost|127\..*|\[::1\])$/;

/** The links to a lesson: one to look on by and, for whoever may teach, one to teach by elsewhere. */
export function Links({ lesson }: { lesson: string }) {
  const base = useBase();
  const look = lookLink(lesson, base);
  const secret = secretOf(lesson);
  const teach = secret === undefined ? null : `${look}#teach=${secret}`;
  return (
    <>
      <h2>Links</h2>
      <Link words="To watch this lesson" url={look} />
      {teach && <Link words="To teach on another device (keep it to yourself)" url={teach} />}
      <QrCode
        url={teach ?? look}
        words={teach ? "Scan this to teach on your phone" : "Scan this to watch on your phone"}
      />
    </>
  );
}

/** @param base where the pages are, for whoever opens it */
export function lookLink(lesson: string, base = location.href): string {
  return new URL(`?lesson=${lesson}`, base).href;
}

export function Link({ words, url }: { words: string; url: string }) {
  const id = useId();
  return (
    <p class="link">
      <label for={id}>{words}</label>
      <input id={id} readOnly value={url} onFocus={(event) => event.currentTarget.select()} />
    </p>
  );
}

/** Where other devices find these pages, if a server has them: what this one calls localhost is another machine to them. */
export function useBase(isOnServer = true): string {
  const base = useSignal(location.href);
  useEffect(() => {
    if (!isOnServer || !ownNames.test(location.hostname)) return;
    fetch("./api/network")
      .then(async (response) => (response.ok ? response.json() : { urls: [] }))
      .then(({ urls: [first] }: { urls: string[] }) => {
        if (first) base.value = first;
      })
      // Then it stays what it is called here.
      .catch(() => {});
  }, [base, isOnServer]);
  return base.value;
}

/** The link as a QR code, dark on light in both themes, as cameras want it. */
function QrCode({ url, words }: { url: string; words: string }) {
  const drawn = useSignal<{ url: string; size: number; path: string } | null>(null);
  useEffect(() => {
    let overtaken = false;
    import("uqr").then(
      ({ encode }) => {
        if (overtaken) return;
        const { size, data } = encode(url, { border: 3 });
        const path = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")));
        drawn.value = { url, size, path: path.join("") };
      },
      () => {},
    );
    return () => {
      overtaken = true;
    };
  }, [url, drawn]);
  const code = drawn.value;
  if (code?.url !== url) return null;
  return (
    <figure class="qr">
      <svg viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label="QR code">
        <rect width={code.size} height={code.size} fill="#ffffff" />
        <path d={code.path} fill="#000000" shape-rendering="crispEdges" />
      </svg>
      <figcaption>{words}</figcaption>
    </figure>
  );
}
