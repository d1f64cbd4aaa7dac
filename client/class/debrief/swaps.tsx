import type { Comparison } from "../../../shared/class/debrief.ts";

/** Each pupil's labels on another pupil's learner. */
export function Swaps({
  comparison: { swaps },
  say,
  nameOf,
}: {
  comparison: Comparison;
  /** How a score is said. */
  say: (score: number) => string;
  nameOf: (pupil: number) => string;
}) {
  if (swaps.length === 0) return null;
  const better = swaps.filter(({ score, own }) => score > own).length;
  return (
    <details>
      <summary>
        With another pupil’s answers instead of their own: {better} of {swaps.length} learners got
        further
      </summary>
      <table class="swaps figures">
        <thead>
          <tr>
            <th scope="col">Learner of</th>
            <th scope="col">with answers of</th>
            <th scope="col">score</th>
            <th scope="col">score with their own</th>
          </tr>
        </thead>
        <tbody>
          {swaps.map(({ pupil, labelsOf, score, own }) => (
            <tr key={pupil}>
              <th scope="row">
                <bdi>{nameOf(pupil)}</bdi>
              </th>
              <td>
                <bdi>{nameOf(labelsOf)}</bdi>
              </td>
              <td>{say(score)}</td>
              <td>{say(own)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
