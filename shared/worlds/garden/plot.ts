/** What a tile is. */
export type Terrain = "lawn" | "flowers" | "mud" | "puddle" | "gravel" | "wall" | "home";

/** What may be loved or hated, in the order of the reward features; the lawn is what they are measured against. */
export const terrains = ["flowers", "mud", "puddle", "gravel", "home"] as const;

/** Row and column change of each action; rows go down the page, as in a matrix. */
export const moves = [
  { name: "up", row: -1, column: 0 },
  { name: "down", row: 1, column: 0 },
  { name: "left", row: 0, column: -1 },
  { name: "right", row: 0, column: 1 },
  { name: "stay", row: 0, column: 0 },
];
export const stay = moves.length - 1;
/** A square of tiles, numbered row by row. */
export class Plot {
  readonly side: number;
  readonly nTiles: number;

  constructor(side: number) {
    this.side = side;
    this.nTiles = side * side;
  }

  row(tile: number): number {
    return Math.floor(tile / this.side);
  }

  column(tile: number): number {
    return tile % this.side;
  }

  /** Middle of a tile on the stage, whose y goes up. */
  middle(tile: number): { x: number; y: number } {
    return { x: this.column(tile) + 0.5, y: this.side - this.row(tile) - 0.5 };
  }

  /** The tile that a move leads to, were there no walls. */
  beside(tile: number, action: number): number {
    const row = this.row(tile) + moves[action]!.row;
    const column = this.column(tile) + moves[action]!.column;
    const outside = row < 0 || row >= this.side || column < 0 || column >= this.side;
    return outside ? tile : row * this.side + column;
  }

  /** The tiles along the fence. */
  edge(): number[] {
    return Array.from({ length: this.nTiles }, (_, tile) => tile).filter((tile) =>
      [this.row(tile), this.column(tile)].some((i) => i === 0 || i === this.side - 1),
    );
  }
}
