import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const ownNames = /^(localhost|127\..*|\[::1\])$/;

/** Where other devices find these pages, if a server has them: what this one calls localhost is another machine to them. */
export function useBase(isOnServer = true): string {
  const base = useSignal(location.href);
  useEffect(() => {
    if (!isOnServer || !ownNames.test(location.hostname)) return;
    fetch("./api/network")
      .then(async (response) => (response.ok ? response.json() : { urls: [] }))
      .then(({ urls: [first] }: { urls: string[] }) => {
        if (first) base.value = first;
      })
      // Then it stays what it is called here.
      .catch(() => {});
  }, [base, isOnServer]);
  return base.value;
}
