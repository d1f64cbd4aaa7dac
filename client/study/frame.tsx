import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ThemeButton } from "../ui/theme.tsx";

/** A page of a study: its title, how far one has come, and one thing to read or to do. */
export function StudyFrame({
  title,
  progress,
  children,
}: {
  title: string;
  /** In [0, 1]. */
  progress: number;
  children: ComponentChildren;
}) {
  return (
    <div class="study">
      <header class="study-bar">
        <p class="brand" dir="auto">
          {title}
        </p>
        <ThemeButton />
        <progress value={progress} max={1} aria-label={title} />
      </header>
      <main class="study-page">{children}</main>
    </div>
  );
}

/** The heading of what comes next: it is read aloud, and the keyboard goes on from it. */
export function StepTitle({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    scrollTo(0, 0);
    heading.current!.focus({ preventScroll: true });
  }, []);
  return (
    <h1 tabIndex={-1} ref={heading}>
      {children}
    </h1>
  );
}

/** Paragraphs as they were written, which may be of any language. */
export function Paragraphs({ text }: { text: readonly string[] }) {
  return (
    <>
      {text.map((paragraph, i) => (
        <p key={i} dir="auto">
          {paragraph}
        </p>
      ))}
    </>
  );
}
