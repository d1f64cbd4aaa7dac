/** Whether a key belongs to the browser, or to the control that has the focus, rather than to the stage. */
export function isElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input[type=radio]"))
    return event.code.startsWith("Arrow") || event.code === "Space";
  if (target?.closest("input, select, textarea")) return true;
  return (
    (event.code === "Space" || event.code === "Enter") && !!target?.closest("button, a, summary")
  );
}
