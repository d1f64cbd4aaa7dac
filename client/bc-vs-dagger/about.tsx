import { heldOut } from "./duel.ts";

/** What is compared, and what the numbers are worth. */
export function About() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>What is compared</h2>
      <p>
        Both learners start as the same clone of the same demonstrations. In each round both get the
        same number of new labels. These are for equally many states of drives with the same starts.
        The one difference: in DAgger the learner drives when these states are met, in cloning the
        expert does, so they are more demonstrations. Numbers are means over {heldOut} drives that
        neither learner was trained on. They are from one seed; another seed gives other numbers.
      </p>
      <p>
        On the path the learner is that of the article: straight lines, and five drives of 30 steps
        a round, all of them labelled. On the road it is a Gaussian process with one demonstration
        of 200 steps. A round is two drives, of which 25 random states are labelled. With hundreds
        of labels a round, cloning is as good there. DAgger promises that one of its policies is
        good, not that each is better than the one before.
      </p>
    </section>
  );
}
