import { useMemo } from "preact/hooks";
import {
  hasLearned,
  type Lesson,
  networkOf,
  type TrainingPlan,
} from "../../../shared/lesson/lesson.ts";
import { tellsNumbers } from "../../../shared/lesson/locks.ts";
import { imported } from "../../../shared/policies/imported.ts";
import { policyKinds } from "../../../shared/policies/index.ts";
import { lessonQueries } from "../../../shared/queries/index.ts";
import { isHelped, type Level } from "../../../shared/worlds/level.ts";
import { CommandButton, useCommand } from "../../ui/commands.tsx";
import { enterKey, letterKey } from "../../ui/keyboard.ts";
import { formatTime } from "../../worlds/format.ts";
import { Still } from "../activities/still.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { type PanelProps, useScene } from "../state.ts";
import { Working } from "../working.tsx";

export function Clone({ state, on, world }: PanelProps) {
  const lesson = state.lesson.value;
  const { demonstrations, rounds } = lesson;
  const round = rounds.at(-1);
  const isImported = state.plan.value?.policy === imported.name;
  const words = isImported ? networkWords : cloneWords;
  const cloning = {
    label: round ? words.again : words.first,
    available: state.mayTrain.value,
    run: () => void on.train(),
  };
  const clone = useCommand({ ...cloning, key: letterKey("C") });
  useCommand({ ...cloning, key: enterKey });
  // Another one could learn from what this one has learned all of.
  const mayChoose = !lesson.plan && hasLearned(lesson, state.plan.value!.policy);
  const still = useMemo(
    () => new Still({ background: demonstrationTrails(state.lesson.peek()) }),
    [state, demonstrations],
  );
  useScene(on, still, () => null);

  return (
    <>
      <h2>{words.title}</h2>
      {isImported ? <AboutNetwork lesson={lesson} /> : <AboutClone world={world} />}
      <Working state={state} on={on} work="train" words={words.working} />
      <p class="next">
        <CommandButton command={clone} primary />
      </p>
      {state.noTraining.value && (
        <p>
          {state.noTraining.value}
          {mayChoose && " Or choose another learner below."}
        </p>
      )}
      <details>
        <summary>For the curious</summary>
        {round && tellsNumbers(lesson) && (
          <dl class="facts">
            <dt>Loss</dt>
            <dd>{round.loss.toPrecision(3)}</dd>
            <dt>Took</dt>
            <dd>{formatTime(round.ms)}</dd>
            <dt>Learned from</dt>
            <dd>
              {round.pairs} pairs of state and action, {round.labels} of them answers
            </dd>
          </dl>
        )}
        {!lesson.plan && (
          <Method
            plan={state.plan.value!}
            choose={(plan) => on.choosePlan(plan)}
            learners={learnersIn(lesson, world)}
          />
        )}
      </details>
    </>
  );
}

const cloneWords = {
  title: "Make your clone",
  first: "Clone me",
  again: "Clone again",
  working: "Learning from you",
};

const networkWords = {
  title: "Your network",
  first: "Let it drive",
  again: "Teach it this",
  working: "Learning what you do differently",
};

function AboutClone({ world }: { world: Level }) {
  return (
    <>
      <p>
        The <span class="learner">clone</span> copies what you did, and where. It sees your
        demonstrations and nothing else. This is called behavioural cloning.
      </p>
      {isHelped(world) && (
        <p>The car helped you to steer. Your clone copies the steering with this help.</p>
      )}
    </>
  );
}

function AboutNetwork({ lesson }: { lesson: Lesson }) {
  const { basis } = networkOf(lesson)!;
  return (
    <p>
      This <span class="learner">network</span> was trained elsewhere
      {basis > 0 && `, on the first ${basis} of the ${lesson.seq} events of this lesson`}. It stays
      as it is. The learner adds to it what you show and answer{basis > 0 && " after that"}. Near
      your answers it does what you said. Elsewhere it does what the network did.
    </p>
  );
}

/** What the lesson may learn by. */
function learnersIn(lesson: Lesson, { action }: Level) {
  const kinds = Object.values(policyKinds).filter(({ actions }) => actions === action.kind);
  return networkOf(lesson) ? [imported, ...kinds] : kinds;
}

function Method({
  plan,
  choose,
  learners,
}: {
  plan: TrainingPlan;
  choose: (plan: TrainingPlan) => void;
  learners: readonly { readonly name: string; readonly title: string }[];
}) {
  const change = (part: Partial<TrainingPlan>) => choose({ ...plan, ...part });
  return (
    <>
      <Choice
        label="Learner"
        value={plan.policy}
        options={learners}
        choose={(policy) => change({ policy })}
      />
      <Choice
        label="What it asks about"
        value={plan.query}
        options={Object.values(lessonQueries)}
        choose={(query) => change({ query })}
      />
      <label>
        Questions in a round, at most
        <input
          type="number"
          min={1}
          max={200}
          value={plan.budget}
          onChange={(event) => {
            const budget = event.currentTarget.valueAsNumber;
            if (Number.isInteger(budget) && budget >= 1 && budget <= 200) change({ budget });
          }}
        />
      </label>
    </>
  );
}

function Choice(props: {
  label: string;
  value: string;
  options: readonly { readonly name: string; readonly title: string }[];
  choose: (name: string) => void;
}) {
  return (
    <label>
      {props.label}
      <select value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        {props.options.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
