/**
 * Where on the stage's canvas, in shares of its size, the car of this colour is; null where there is none. Of all
 * that has the colour it is what has most of it in one place: arrows are thin. It runs in the page, where it has
 * nothing but itself.
 */
export function findCar(
  [r, g, b]: readonly [number, number, number],
  canvas: HTMLCanvasElement = document.querySelector<HTMLCanvasElement>(".stage canvas")!,
): { x: number; y: number } | null {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
  const size = 12;
  const columns = Math.ceil(width / size);
  const found: { x: number; y: number; cell: number }[] = [];
  const counts = new Map<number, number>();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] !== r || data[i + 1] !== g || data[i + 2] !== b) continue;
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    const cell = Math.floor(y / size) * columns + Math.floor(x / size);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
    found.push({ x, y, cell });
  }
  const around = (cell: number) =>
    [-1, 0, 1].flatMap((row) => [-1, 0, 1].map((column) => cell + row * columns + column));
  const mass = (cell: number) =>
    around(cell).reduce((sum, other) => sum + (counts.get(other) ?? 0), 0);
  let best = -1;
  for (const cell of counts.keys()) if (best < 0 || mass(cell) > mass(best)) best = cell;
  const here = new Set(around(best));
  const car = found.filter(({ cell }) => here.has(cell));
  if (car.length < 20) return null;
  const mean = (of: (pixel: { x: number; y: number }) => number) =>
    car.reduce((sum, pixel) => sum + of(pixel), 0) / car.length;
  return { x: mean(({ x }) => x) / width, y: mean(({ y }) => y) / height };
}
