import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** As the style sheets have it, for phones, upright or on their side, and low windows. */
const narrow = "(max-width: 52rem), (max-height: 32rem)";

/** Whether the window has room for what one rarely needs. */
export function useRoom(): boolean {
  const roomy = useSignal(!matchMedia(narrow).matches);
  useEffect(() => {
    const query = matchMedia(narrow);
    const tell = () => {
      roomy.value = !query.matches;
    };
    query.addEventListener("change", tell);
    return () => query.removeEventListener("change", tell);
  }, [roomy]);
  return roomy.value;
}
