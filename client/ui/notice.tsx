import type { ComponentChildren } from "preact";

/** What is in the way, beside what one does: said at once, or when nothing else is said. */
export function Notice({
  role = "alert",
  children,
}: {
  role?: "alert" | "status";
  children: ComponentChildren;
}) {
  return (
    <p class="notice" role={role}>
      {children}
    </p>
  );
}
