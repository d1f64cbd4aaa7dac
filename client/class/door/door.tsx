import { readCode } from "../../../shared/class/code.ts";
import { BenchHeader } from "../../ui/bench-header.tsx";
import type { ClassAddress } from "../address.ts";
import { Join } from "./join.tsx";
import { Start } from "./start.tsx";

/** Where one comes in: pupils by a code, and teachers to begin a class. */
export function Door({ code, go }: { code: string; go: (to: ClassAddress) => void }) {
  const isCalled = readCode(code) !== null;
  return (
    <main class="welcome door">
      <BenchHeader />
      <h1>
        {isCalled
          ? "You show how. A program learns it."
          : "Teach together, and see all learners on one screen."}
      </h1>
      {isCalled && (
        <p class="lead">
          <span class="expert">Green is you.</span>{" "}
          <span class="learner">Orange is your learner</span>, a program that copies what you do.
        </p>
      )}
      <div class="door-parts">
        <Join code={code} go={go} />
        {!isCalled && <Start go={go} />}
      </div>
    </main>
  );
}
