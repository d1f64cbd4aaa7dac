/**
 * Orders of `n` things in which each comes equally often at each place, and equally often right after each
 * other one: a balanced Latin square (Williams 1949), of `n` orders where `n` is even and `2n` where it is odd.
 */
export function counterbalanced(n: number): number[][] {
  // 0, 1, n − 1, 2, n − 2, …
  const first = Array.from({ length: n }, (_, i) => (i % 2 === 1 ? (i + 1) / 2 : (n - i / 2) % n));
  const rows = Array.from({ length: n }, (_, shift) => first.map((i) => (i + shift) % n));
  return n % 2 === 0 || n === 1 ? rows : [...rows, ...rows.map((row) => row.toReversed())];
}
