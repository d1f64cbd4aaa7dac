import { heldOut } from "./duel.ts";

/** What is compared, and what the numbers are worth. */
export function About() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>For the curious: what is compared</h2>
      <p>
        All learners start as the same clone of the same demonstrations. In each round every learner
        gets the same number of new answers. An answer is what the expert does in one state, a
        moment of a drive. All these drives have the same starts. Cloning gets the first states of
        the expert’s drives: more demonstrations. DAgger gets those states of its own drives that it
        knows least. So cloning and DAgger differ in two things: who drives, and which states get an
        answer. On the road two more learners change only one of them. One chooses its states as
        DAgger does, but from drives of the expert. The other takes its states from its own drives,
        as DAgger does, but at random. All learners are tested on {heldOut} test drives that no
        learner was trained on. The numbers are from one run (one random seed); another run gives
        others.
      </p>
      <p>
        On the path the learner is the one of the article{" "}
        <cite>Imitation Learning from Scratch</cite>, which this game began with: it fits straight
        lines. Each round has five drives of 30 steps, and the expert answers in all of their
        states. On the road it is a Gaussian process with one demonstration of 200 steps without
        wind. After that all drives are in wind: two in each round, with answers for 12 of their
        states. There a drive ends at its first crash, or after 43 seconds. DAgger promises that one
        of its policies is good, not that each is better than the one before.
      </p>
    </section>
  );
}
