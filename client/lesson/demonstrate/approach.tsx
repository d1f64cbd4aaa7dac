import { closeUp } from "../../stage/feeling.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { letterKey } from "../../ui/keyboard.ts";

/** Where the camera is: a key of its own only where there is something to come close to. */
export function Approach() {
  const approach = useCommand({
    key: letterKey("V"),
    label: closeUp.value ? "See the whole road" : "Follow the car",
    available: true,
    run() {
      closeUp.value = !closeUp.value;
    },
  });
  return (
    <p class="choices">
      <CommandButton command={approach} />
    </p>
  );
}
