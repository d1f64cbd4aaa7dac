import { useSignal } from "@preact/signals";
import { longestFile } from "../../shared/lesson/sizes.ts";
import { Notice } from "../ui/notice.tsx";

/**
 * A button to choose a lesson's file by, which is then opened.
 * @param takeIn the address of the lesson that a file is from then on; rejects with why there is none
 */
export function OpenFile({
  open,
  takeIn,
}: {
  open: (lesson: string) => void;
  takeIn: (file: File) => Promise<string>;
}) {
  const failure = useSignal<string | null>(null);
  const reading = useSignal(false);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    reading.value = true;
    failure.value = null;
    try {
      if (file.size > longestFile) throw new Error("This file is longer than a lesson can be.");
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
        <label class="button file">
          {reading.value ? "Reading the file …" : "Open a lesson file"}
          <input
            class="hidden"
            type="file"
            accept=".jsonl,.json"
            disabled={reading.value}
            onChange={({ currentTarget }) => take(currentTarget)}
          />
        </label>
      </p>
      {failure.value && <Notice>{failure.value}</Notice>}
    </>
  );
}
