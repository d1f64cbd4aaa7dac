import { useSignal } from "@preact/signals";
import { withKeeper } from "./keeper.ts";
import { askToPersist } from "./storage.ts";

/** Reads a lesson's file into this browser, and opens it. */
export function OpenFile({ open }: { open: (lesson: string) => void }) {
  const failure = useSignal<string | null>(null);
  const reading = useSignal(false);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    reading.value = true;
    failure.value = null;
    try {
      open(await takeIn(file));
    } catch (error) {
      failure.value = (error as Error).message;
    } finally {
      reading.value = false;
      // So that the same file can be chosen again.
      input.value = "";
    }
  };
  return (
    <>
      <p>
        <label>
          Open a lesson file{" "}
          <input
            type="file"
            accept=".jsonl"
            disabled={reading.value}
            onChange={({ currentTarget }) => take(currentTarget)}
          />
        </label>
      </p>
      {failure.value && (
        <p class="notice" role="alert">
          {failure.value}
        </p>
      )}
    </>
  );
}

/** The address of the lesson that a file is, which it is from now on. @throws Error with why there is none */
async function takeIn(file: File): Promise<string> {
  void askToPersist();
  const taken = await withKeeper(async (calls) => calls.takeIn(file));
  if (typeof taken === "string") throw new Error(taken);
  return taken.id;
}
