import { leaves } from "../../../shared/lesson/locks.ts";
import { CommandButton, useCommand, useTakeBack } from "../../ui/commands.tsx";
import { letterKey } from "../../ui/keyboard.ts";
import type { PanelProps } from "../state.ts";

/** To take back the last of the corrections that were given this round, and to train on them. */
export function CorrectionButtons({
  state,
  on,
  given,
}: Pick<PanelProps, "state" | "on"> & { readonly given: readonly { readonly seq: number }[] }) {
  const last = given.at(-1);
  const undo = useTakeBack({
    available:
      last !== undefined &&
      !state.busy.value &&
      state.owner.value &&
      leaves(state.lesson.value, "undo"),
    async run() {
      if (await on.ask("retract", { correction: last!.seq })) on.say("Taken back.");
    },
  });
  const train = useCommand({
    key: letterKey("T"),
    label: "See what it learned",
    available: state.mayTrain.value,
    run: () => void on.train(),
  });
  return (
    <>
      <CommandButton command={undo} />
      {last && <CommandButton command={train} />}
    </>
  );
}
