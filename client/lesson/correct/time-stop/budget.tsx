/** How many questions a round one may choose to be asked. */
const budgets = [8, 12, 20, 40] as const;

/** How many questions a round are asked before it trains again. */
export function Budget({ chosen, choose }: { chosen: number; choose: (budget: number) => void }) {
  return (
    <fieldset class="budget">
      <legend>Questions in a round</legend>
      {budgets.map((budget) => (
        <button
          key={budget}
          type="button"
          class="figures"
          aria-pressed={budget === chosen}
          onClick={() => choose(budget)}
        >
          {budget}
        </button>
      ))}
    </fieldset>
  );
}
