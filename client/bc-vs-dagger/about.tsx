import { heldOut } from "./duel.ts";

/** What is compared, and what the numbers are worth. */
export function About() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>What is compared</h2>
      <p>
        All learners start as the same clone of the same demonstrations, and in each round all get
        the same number of new labels, for states of drives with the same starts. Cloning gets the
        first states of drives of the expert: more demonstrations. DAgger gets those states of its
        own drives that it knows least. That is two differences. So there are two more learners on
        the road, each of which differs from DAgger in one: the same choice where the expert drove,
        and random states where the learner drove. All are tried on {heldOut} drives that no learner
        was trained on. The numbers are from one seed; another seed gives others.
      </p>
      <p>
        On the path the learner is that of the article: straight lines, and five drives of 30 steps
        a round, all of them labelled. On the road it is a Gaussian process with one demonstration
        of 200 steps in still air. Everything after it is in wind: two drives a round, of which 12
        states are labelled. There a drive ends at its first crash, or after four laps. DAgger
        promises that one of its policies is good, not that each is better than the one before.
      </p>
    </section>
  );
}
