import { presentationOf } from "../../worlds/index.ts";
import type { PanelProps } from "../state.ts";

/** What the person is asked to like, and what a step costs under it; or that they may like what they like. */
export function TasteCard({ state, on, world }: PanelProps) {
  const { taste, demonstrations, plan } = state.lesson.value;
  const tastes = world.tastes!;
  const { Prices } = presentationOf(world);
  const names = Object.keys(tastes);
  const deal = async (name: string | null) => {
    if (!(await on.ask("deal", { taste: name }))) return;
    on.say(name ? tastes[name]!.words : "Your own taste.");
  };
  const next = names[(names.indexOf(taste ?? "") + 1) % names.length]!;
  return (
    <section class="taste" aria-label="Your taste">
      <h3>{taste ? "Your taste card" : "Your own taste"}</h3>
      <p>
        {taste
          ? tastes[taste]!.words
          : "Walk where you like. The reward map will show what you like."}
      </p>
      {taste && (
        <p class="quiet-text">
          Walk as if the card showed your own taste. The computer sees your walks, not the card.
        </p>
      )}
      {taste && Prices && <Prices world={world} weights={tastes[taste]!.weights} />}
      {demonstrations.length === 0 && state.owner.value && !plan && (
        <p class="choices">
          <button type="button" onClick={() => void deal(next)}>
            {taste ? "Another card" : "Give me a card"}
          </button>
          {taste && (
            <button type="button" onClick={() => void deal(null)}>
              Use my own taste
            </button>
          )}
        </p>
      )}
    </section>
  );
}
