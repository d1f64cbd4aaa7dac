import "./stars.css";

const most = 3;

/** So many stars of three. */
export function StarRow({ reached }: { reached: number }) {
  return (
    <span class="stars">
      <span aria-hidden="true">
        <b>{"★".repeat(reached)}</b>
        {"☆".repeat(most - reached)}
      </span>
      <span class="hidden">
        {reached} of {most} stars
      </span>
    </span>
  );
}
