import { useId } from "preact/hooks";
import { secretOf } from "../net/secrets.ts";

/** The links to a lesson: one to look on by and, for whoever may teach, one to teach by elsewhere. */
export function Links({ lesson }: { lesson: string }) {
  const look = lookLink(lesson);
  const secret = secretOf(lesson);
  return (
    <>
      <h2>Links</h2>
      <Link words="To look on" url={look} />
      {secret !== undefined && (
        <Link words="To teach, only for you, on another device" url={`${look}#teach=${secret}`} />
      )}
    </>
  );
}

export function lookLink(lesson: string): string {
  return new URL(`?lesson=${lesson}`, location.href).href;
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
