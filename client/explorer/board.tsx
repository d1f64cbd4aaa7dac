import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { shadeColour } from "../drawing/scale.ts";
import { inHand, nCells, side } from "./waypoints.ts";
import { Ways } from "./ways.tsx";
import { cellWords, signed } from "./words.ts";

const rows = Array.from({ length: side }, (_, row) => row);
const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The grid: a button for each cell, the ways over it. */
export function Board({
  reward,
  place,
}: {
  reward: Float64Array | null;
  place: (cell: number) => void;
}) {
  const at = useSignal(0);
  const board = useRef<HTMLTableElement>(null);

  const move = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = within(Math.floor(at.value / side) + step[0]);
    const column = within((at.value % side) + step[1]);
    at.value = row * side + column;
    board.current!.querySelectorAll("button")[at.value]!.focus();
  };

  return (
    <div class="board">
      <table aria-label="The grid" ref={board}>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              {rows.map((column) => {
                const cell = row * side + column;
                return (
                  <td key={cell}>
                    <Cell
                      cell={cell}
                      reward={reward}
                      focusable={cell === at.value}
                      onFocus={() => {
                        at.value = cell;
                      }}
                      onKeyDown={move}
                      onClick={() => place(cell)}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <Ways />
    </div>
  );
}

function Cell({
  cell,
  reward,
  focusable,
  onFocus,
  onKeyDown,
  onClick,
}: {
  cell: number;
  reward: Float64Array | null;
  focusable: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onClick: () => void;
}) {
  const home = cell === nCells - 1;
  const passed = inHand.value.flatMap((waypoint, i) => (waypoint === cell ? [i + 1] : []));
  const name = [
    cellWords(cell),
    home ? "home" : "",
    reward ? `reward ${signed(reward[cell]!)}` : "",
    passed.length > 0 ? `waypoint ${passed.join(" and ")}` : "",
  ];
  return (
    <button
      type="button"
      class={home && !reward ? "cell home" : "cell"}
      style={reward ? paint(reward, cell) : undefined}
      aria-label={name.filter(Boolean).join(", ")}
      tabIndex={focusable ? 0 : -1}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {(reward || home) && (
        <span class="cell-number figures">{reward ? signed(reward[cell]!) : "home"}</span>
      )}
    </button>
  );
}

/** A cell's colour, and whichever of black and white is easier to read on it. */
function paint(reward: Float64Array, cell: number) {
  const [least, most] = [Math.min(...reward), Math.max(...reward)];
  const colour = shadeColour(most > least ? (reward[cell]! - least) / (most - least) : 0.5);
  const [red, green, blue] = colour.match(/\d+/g)!.map((value) => (Number(value) / 255) ** 2.2);
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  // Contrast with white is 1.05 / (L + 0.05), with black (L + 0.05) / 0.05 (WCAG 2): equal at 0.179.
  return { "--cell": colour, "--on-cell": luminance < 0.179 ? "#fff" : "#000" };
}

function within(i: number): number {
  return Math.min(side - 1, Math.max(0, i));
}
