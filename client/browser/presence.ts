/** How often the page was hidden or lost the focus, so far. */
let absences = 0;

// Tests of what is on the stage have no page.
if (typeof document !== "undefined") {
  addEventListener("blur", () => absences++);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) absences++;
  });
}

/** Tells whether somebody was at the page. */
export class Presence {
  #known = absences;

  /** Whether the page is hidden or without the focus, or was since this was asked last. */
  wasAway(): boolean {
    const before = this.#known;
    this.#known = absences;
    if (typeof document === "undefined") return false;
    return absences > before || document.hidden || !document.hasFocus();
  }
}
