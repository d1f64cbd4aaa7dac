import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** As the style sheets have it, there for what is narrow. */
const narrow = "(max-width: 52rem)";

/** Whether the window is wide enough for the stage and the panel side by side. */
export function useWide(): boolean {
  const wide = useSignal(!matchMedia(narrow).matches);
  useEffect(() => {
    const query = matchMedia(narrow);
    const tell = () => {
      wide.value = !query.matches;
    };
    query.addEventListener("change", tell);
    return () => query.removeEventListener("change", tell);
  }, [wide]);
  return wide.value;
}
