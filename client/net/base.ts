import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const ownNames = /^(localhost|127\..*|\[::1\])$/;

/** Where these pages are found. */
interface Base {
  readonly url: string;
  /** Whether no other device finds them there: what this machine calls localhost is another machine to them. */
  readonly isOwn: boolean;
}

/** Where other devices find these pages, if a server has them; null until that is known. */
export function useReach(isOnServer = true): Base | null {
  const found = useSignal<Base | null>(null);
  const isOwn = isOnServer && ownNames.test(location.hostname);
  useEffect(() => {
    if (!isOwn) return;
    let overtaken = false;
    const take = (url: string | undefined) => {
      if (!overtaken) found.value = url ? { url, isOwn: false } : { url: location.href, isOwn };
    };
    fetch("./api/network")
      .then(async (response) => (response.ok ? response.json() : { urls: [] }))
      .then(({ urls: [first] }: { urls: string[] }) => take(first))
      // Then it stays what it is called here.
      .catch(() => take(undefined));
    return () => {
      overtaken = true;
    };
  }, [found, isOwn]);
  return isOwn ? found.value : { url: location.href, isOwn };
}

/** Where other devices find these pages, and until that is known where this one does. */
export function useBase(isOnServer = true): string {
  return useReach(isOnServer)?.url ?? location.href;
}
