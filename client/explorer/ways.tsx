import { kingPath } from "../../shared/irl/grid.ts";
import { demonstrations, inHand, side } from "./waypoints.ts";

/** A cell's side, in the units of the picture. */
const unit = 100;
/** Half a numbered dot's height. */
const radius = 15;
/** Ways through the same cells are drawn beside each other, along a direction that no move takes. */
const apart = [0, 1, -1, 2, -2].map((n) => [7.4 * n, -3 * n] as const);

/** The expert's ways over the grid, the one in hand with numbered waypoints. */
export function Ways() {
  return (
    <svg class="ways" viewBox={`0 0 ${side * unit} ${side * unit}`} aria-hidden="true">
      {demonstrations.value.map((waypoints, n) => {
        const points = kingPath(side, waypoints)
          .map((cell) => middle(cell, n).join(","))
          .join(" ");
        const current = waypoints === inHand.value;
        return (
          <g key={n} class={current ? "way current" : "way"}>
            <polyline class="casing" points={points} />
            <polyline points={points} />
            {[...visits(waypoints)].map(([cell, numbers]) => {
              const [x, y] = middle(cell, n);
              return current ? (
                <Numbered key={cell} x={x} y={y} numbers={numbers} />
              ) : (
                <circle key={cell} cx={x} cy={y} r={6} />
              );
            })}
          </g>
        );
      })}
    </svg>
  );
}

function Numbered({ x, y, numbers }: { x: number; y: number; numbers: readonly number[] }) {
  const words = numbers.length > 3 ? `${numbers[0]}…${numbers.at(-1)}` : numbers.join(",");
  const half = radius + 5 * (words.length - 1);
  return (
    <>
      <rect x={x - half} y={y - radius} width={2 * half} height={2 * radius} rx={radius} />
      <text x={x} y={y}>
        {words}
      </text>
    </>
  );
}

/** Cell → which of the waypoints are there, counted from 1. */
function visits(waypoints: readonly number[]): Map<number, number[]> {
  const numbers = new Map<number, number[]>();
  waypoints.forEach((cell, i) => {
    numbers.set(cell, [...(numbers.get(cell) ?? []), i + 1]);
  });
  return numbers;
}

/** A little above the middle of a cell: its number stands below. */
function middle(cell: number, n: number): [x: number, y: number] {
  const [right, down] = apart[n % apart.length]!;
  return [((cell % side) + 0.5) * unit + right, (Math.floor(cell / side) + 0.43) * unit + down];
}
