/** The keyboard goes on from the panel. Nobody has gone there, so it has no ring yet. */
export function focusPanel(panel: HTMLElement): void {
  panel.classList.add("arrived");
  panel.addEventListener("blur", () => panel.classList.remove("arrived"), { once: true });
  panel.focus({ preventScroll: true });
}

/** Whatever has the focus would take the arrow keys or the space bar for itself: its panel does not. */
export function freeKeys(control = document.activeElement): void {
  if (!(control instanceof HTMLElement)) return;
  const panel = control.closest<HTMLElement>(".panel");
  if (!panel) control.blur();
  else if (panel !== control) focusPanel(panel);
}
