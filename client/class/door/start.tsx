import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type ReadyPlanName, readyPlanNames, readyPlans } from "../../../shared/class/plans.ts";
import type { BegunClass } from "../../../shared/class/requests.ts";
import type { WayName } from "../../../shared/lesson/plan.ts";
import { kinds, worlds } from "../../../shared/worlds/index.ts";
import { Notice } from "../../ui/notice.tsx";
import type { ClassAddress } from "../address.ts";
import { addressOf } from "../address.ts";
import { Asking } from "../asking.ts";
import { keepClassSecret, lastClass } from "../kept.ts";
import { classOf, type OwnPlan, suits } from "./own-plan.ts";

const ways: Readonly<Record<WayName, string>> = {
  "time-stop": "Time stops, they answer",
  takeover: "They take over",
  "when-asked": "The learner asks, they take over",
  shadow: "They steer along",
};
const questionCounts = [4, 8, 12, 16, 24] as const;
const roundCounts = [1, 2, 3, 4, 5] as const;

const firstPlan: OwnPlan = {
  world: kinds[0]!.levels[0].name,
  way: "time-stop",
  questions: 12,
  rounds: 3,
};

/** A teacher chooses what the class will do, and begins it. */
export function Start({ go }: { go: (to: ClassAddress) => void }) {
  const chosen = useSignal<ReadyPlanName | "own">(readyPlanNames[0]!);
  const own = useSignal(firstPlan);
  const asking = useMemo(() => new Asking(), []);
  useEffect(() => () => asking.close(), [asking]);
  const begin = async (event: Event) => {
    event.preventDefault();
    const plan = chosen.peek();
    const body = plan === "own" ? classOf(own.peek()) : { plan };
    const begun = await asking.ask<BegunClass>("/api/classes", body);
    if (!begun) return;
    keepClassSecret(begun.id, begun.secret);
    go({ page: "teacher", id: begun.id });
  };
  const last = lastClass();
  return (
    <section class="door-part" aria-labelledby="start-title">
      <h2 id="start-title">Start a class</h2>
      <p class="quiet-text">
        For a teacher with a projector. Everybody teaches a learner of their own. The projector
        shows the wall: there all learners drive side by side.
      </p>
      <form onSubmit={begin}>
        <fieldset class="plans">
          <legend>What will the class do?</legend>
          {readyPlanNames.map((name) => (
            <Plan
              key={name}
              title={readyPlans[name].title}
              about={readyPlans[name].about}
              checked={chosen.value === name}
              choose={() => {
                chosen.value = name;
              }}
            />
          ))}
          <Plan
            title="A plan of your own"
            about="Choose the world, the way of correcting, and how many questions and rounds."
            checked={chosen.value === "own"}
            choose={() => {
              chosen.value = "own";
            }}
          />
        </fieldset>
        {chosen.value === "own" && (
          <Own
            plan={own.value}
            change={(part) => {
              own.value = { ...own.peek(), ...part };
            }}
          />
        )}
        <p class="next">
          <button type="submit" class="primary" disabled={asking.busy.value}>
            Start the class
          </button>
          {last && (
            <a class="button" href={addressOf({ page: "teacher", id: last })}>
              Go on with your last class
            </a>
          )}
        </p>
      </form>
      {asking.trouble.value && <Notice>{asking.trouble.value}</Notice>}
    </section>
  );
}

function Plan({
  title,
  about,
  checked,
  choose,
}: {
  title: string;
  about: string;
  checked: boolean;
  choose: () => void;
}) {
  return (
    <label class="plan">
      <input type="radio" name="plan" checked={checked} onChange={choose} />
      <span>
        <b>{title}</b>
        <span class="quiet-text">{about}</span>
      </span>
    </label>
  );
}

function Own({ plan, change }: { plan: OwnPlan; change: (part: Partial<OwnPlan>) => void }) {
  const world = worlds[plan.world]!;
  const possible = (Object.keys(ways) as WayName[]).filter((way) => suits(way, world));
  return (
    <div class="own-plan">
      <label>
        World
        <select
          value={plan.world}
          onChange={({ currentTarget: { value } }) => {
            const way = suits(plan.way, worlds[value]!) ? plan.way : "time-stop";
            change({ world: value, way });
          }}
        >
          {kinds.map((kind) => (
            <optgroup key={kind.name} label={kind.title}>
              {kind.levels.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label>
        Way of correcting
        <select
          value={plan.way}
          onChange={({ currentTarget }) => change({ way: currentTarget.value as WayName })}
        >
          {possible.map((way) => (
            <option key={way} value={way}>
              {ways[way]}
            </option>
          ))}
        </select>
      </label>
      <Amount
        label={
          plan.way === "time-stop" ? "Questions in a round" : "Corrected drives in a round, at most"
        }
        value={plan.questions}
        options={questionCounts}
        choose={(questions) => change({ questions })}
      />
      <Amount
        label="Rounds"
        value={plan.rounds}
        options={roundCounts}
        choose={(rounds) => change({ rounds })}
      />
    </div>
  );
}

function Amount({
  label,
  value,
  options,
  choose,
}: {
  label: string;
  value: number;
  options: readonly number[];
  choose: (value: number) => void;
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => choose(+currentTarget.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
