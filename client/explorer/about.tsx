/** What is solved here, and how it differs from the article. */
export function About() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>What is solved here</h2>
      <p>
        The expert moves like a king: nine moves, one of them to stay. A demonstration that is
        shorter than the longest waits where it ended, so that all are compared over the same number
        of moves. The reward is a weighted sum of three features, each from 0 to 1. Before any
        evidence, maximum entropy takes each weight for 0, give or take a nat; a strong will takes
        several demonstrations to show.
      </p>
      <p>
        The listings of <cite>Imitation Learning from Scratch</cite> give other numbers. Its feature
        matching compares a sum over an episode with an average over cells, so its weights only ever
        grow; here both are sums over an episode, and the weights have length 1. Its maximum entropy
        cannot step diagonally as its demonstrations do, and leaves the learner’s first cell out;
        here the model can and counts it. The article gives no true reward for its demonstrator;
        being close to home stands in.
      </p>
    </section>
  );
}
