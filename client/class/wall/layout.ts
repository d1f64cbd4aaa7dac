/** A rectangle on the wall, CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Between tiles, and what is left beneath each picture for its words, CSS pixels. */
const gap = 10;
export const captionHeight = 34;

/**
 * Where `n` tiles lie so that their pictures, all of one shape, are as large as the room allows.
 * @param aspect width of a picture by its height
 * @returns of each tile, row by row, where its picture is; its words go beneath
 */
export function layOut(n: number, width: number, height: number, aspect: number): readonly Box[] {
  let best = { columns: 1, side: 0 };
  for (let columns = 1; columns <= n; columns++) {
    const rows = Math.ceil(n / columns);
    const across = (width - (columns - 1) * gap) / columns;
    const up = (height - (rows - 1) * gap) / rows - captionHeight;
    const side = Math.floor(Math.min(across, up * aspect));
    if (side > best.side) best = { columns, side };
  }
  const { columns, side } = best;
  if (side <= 0) return [];
  const tall = Math.floor(side / aspect);
  const rows = Math.ceil(n / columns);
  return Array.from({ length: n }, (_, i) => {
    const row = Math.floor(i / columns);
    const inRow = Math.min(columns, n - row * columns);
    const left = (width - columns * side - (columns - 1) * gap) / 2;
    // The last row begins where the others do, unless it is the only one.
    const start = rows === 1 ? (width - inRow * side - (inRow - 1) * gap) / 2 : left;
    return {
      x: Math.round(start + (i % columns) * (side + gap)),
      y: row * (tall + captionHeight + gap),
      width: side,
      height: tall,
    };
  });
}
