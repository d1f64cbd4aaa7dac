import { useId } from "preact/hooks";
import { useBase } from "../net/base.ts";
import { secretOf } from "../net/secrets.ts";
import { QrCode } from "../ui/qr-code.tsx";

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
      {teach && <Link words="To teach on another device (do not share this link)" url={teach} />}
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
