/** What is solved here, and how it differs from the article. */
export function About() {
  return (
    <section class="notes" aria-label="Notes">
      <h2>For the curious: what is computed here</h2>
      <p>
        The expert moves like a king in chess: to any of eight neighbours, or it stays. All
        demonstrations are compared over the same number of moves, so a shorter one waits where it
        ended. The reward is a weighted sum of three features, each from 0 to 1. Without any
        demonstration, maximum entropy takes each weight for 0, plus or minus one nat. So it takes
        several demonstrations to show a strong wish.
      </p>
      <p>
        The listings of <cite>Imitation Learning from Scratch</cite> give other numbers. Its feature
        matching compares a sum over an episode with an average over cells, so its weights grow
        without end. Here both are sums over an episode, and the weights have length 1. Its maximum
        entropy cannot move diagonally, as its demonstrations do, and it leaves out the learner’s
        first cell. Here the model can move diagonally and counts this cell. The article gives no
        true reward for its demonstrator. Here it is: being close to home.
      </p>
    </section>
  );
}
