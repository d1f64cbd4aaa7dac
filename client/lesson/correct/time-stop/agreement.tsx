import type { Consistency } from "../../../../shared/imitation/consistency.ts";
import type { Level } from "../../../../shared/worlds/level.ts";
import { sayShare } from "./words.ts";

/** How far the person is from themselves and the learner from the person, in words. */
export function Agreement({ world, own, least, learners }: { world: Level } & Consistency) {
  if (learners === null) return null;
  const far = (share: number, of?: string) => sayShare(world, share, of);
  return (
    <p class="agreement figures" aria-live="polite">
      {own === null || least === null ? (
        <>
          The <span class="learner">learner</span> differs from you {far(learners)}.
        </>
      ) : (
        <>
          <span class="expert">You</span> differ from yourself {far(own)}, so the best learner there
          could be would differ from you {far(least, "")}. Your <span class="learner">learner</span>{" "}
          differs from you {far(learners, "")}.
        </>
      )}
    </p>
  );
}
