import type { Consistency } from "../../../../shared/imitation/consistency.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { sayDifference } from "./words.ts";

/** How far the person is from themselves and the learner from the person, in words. */
export function Agreement({ world, own, least, learners }: { world: Level } & Consistency) {
  if (learners === null) return null;
  const far = (share: number) => sayDifference(world, share);
  return (
    <p class="agreement figures" aria-live="polite">
      {own !== null && (
        <>
          You got the same question twice. <span class="expert">Your</span> two answers differ{" "}
          {far(own)}.{" "}
        </>
      )}
      The <span class="learner">learner’s</span> answers differ from yours {far(learners)}.
      {/* Where one never answered in two ways, that says nothing. */}
      {least !== null && least >= 0.005 && (
        <> Any learner’s answers differ from yours {far(least)} at least.</>
      )}
    </p>
  );
}
