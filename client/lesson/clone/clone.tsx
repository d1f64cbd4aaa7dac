import { useLayoutEffect } from "preact/hooks";
import { policyKinds } from "../../../shared/policies/index.ts";
import { lessonQueries } from "../../../shared/queries/index.ts";
import type { Level } from "../../../shared/worlds/level.ts";
import { useKey } from "../../ui/keys.tsx";
import { formatTime } from "../../worlds/format.ts";
import { Still } from "../activities/still.ts";
import type { Classroom } from "../classroom.ts";
import { demonstrationTrails } from "../demonstrations.ts";
import { Working } from "../working.tsx";

export function Clone({ room, world }: { room: Classroom; world: Level }) {
  const { demonstrations, rounds } = room.lesson.value;
  const round = rounds.at(-1);
  useKey("Enter", () => void room.train());
  useLayoutEffect(() => {
    const background = demonstrationTrails(room.lesson.peek());
    room.show(new Still({ background }));
    return () => room.show(null);
  }, [room, demonstrations]);

  return (
    <>
      <h2>Make a copy of you</h2>
      <p>
        Behavioural cloning: of everything you did, learn what you do where. The{" "}
        <span class="learner">learner</span> sees nothing else.
      </p>
      <Working room={room} work="train" words="Learning from you" />
      <p class="next">
        <button
          type="button"
          class="primary"
          disabled={room.busy.value || demonstrations.length === 0}
          onClick={() => void room.train()}
        >
          {round ? "Clone again" : "Clone me"} <kbd>C</kbd>
        </button>
      </p>
      {round && (
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
      <Method room={room} world={world} />
    </>
  );
}

function Method({ room, world }: { room: Classroom; world: Level }) {
  const plan = room.plan.value!;
  const change = (part: Partial<typeof plan>) => {
    room.plan.value = { ...plan, ...part };
  };
  return (
    <details>
      <summary>Method</summary>
      <Choice
        label="Learner"
        value={plan.policy}
        options={Object.values(policyKinds).filter(({ actions }) => actions === world.action.kind)}
        choose={(policy) => change({ policy })}
      />
      <Choice
        label="It asks about"
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
    </details>
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
