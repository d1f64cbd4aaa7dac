/** What is solved here, and how it differs from the article. */
export function About() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>For the curious: what is computed here</h2>
      <p>
        The expert moves like a king in chess, to one of the eight cells around it, or stays. All
        demonstrations are compared over the same number of moves, so a shorter one waits where it
        ended. The reward is a weighted sum of three features, each from 0 to 1. Before the first
        demonstration, maximum entropy takes each weight to be near 0: mostly between −1 and 1. So
        only several demonstrations can show a strong wish.
      </p>
      <p>
        This page began with the code of the article <cite>Imitation Learning from Scratch</cite>.
        That code gives other numbers. Its feature matching compares a sum over an episode with an
        average over cells, so its weights grow without end. Here both are sums over an episode, and
        the weights have length 1. Its demonstrations move diagonally, but its model for maximum
        entropy cannot, and it leaves out the learner’s first cell. Here the model can move
        diagonally and counts this cell. It does not say what its expert really wants. Here the
        expert wants to be close to home, until you change that.
      </p>
    </section>
  );
}
