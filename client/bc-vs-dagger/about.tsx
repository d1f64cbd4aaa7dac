import { heldOut } from "./duel.ts";

/** What is compared, and what the numbers are worth. */
export function About() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>What is compared</h2>
      <p>
        Both learners begin as one, cloned from the same demonstrations. In each round both are
        given the same number of further labels, for as many states of as many drives with the same
        starts, chosen alike. The one difference is who is at the wheel when these states are met:
        the learner in DAgger, the expert in cloning, to which these drives are further
        demonstrations. Numbers are means over {heldOut} drives that neither was trained on. They
        are from one seed; another seed gives others.
      </p>
      <p>
        On the path the learner is the article’s: straight lines, five drives of 30 steps a round,
        all of them labelled. On the road it has a Gaussian process and one demonstration of 200
        steps; a round is two drives, and 25 of their states, drawn at random, are labelled. With
        hundreds of labels a round cloning catches up there. DAgger promises that one of its
        policies is good, not that each is better than the last.
      </p>
    </section>
  );
}
