import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { log } from "./arithmetic.ts";

/** A source of randomness. Everything that draws takes one as its last argument. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
}

/** Under one seed, draws of different streams are independent of each other. */
export const Stream = {
  world: 0,
  learning: 1,
  query: 2,
  lattice: 3,
  expert: 4,
  layout: 5,
} as const;

/**
 * A reproducible generator: the same (seed, stream) gives the same draws on every machine.
 * @param seed unsigned 32-bit integer
 */
export function seeded(seed: number, stream: number = Stream.world): Random {
  const generator = xoroshiro128plus(mix(mix(seed) ^ (stream + 1)));
  // The generator starts from a nearly empty state; its first outputs are poorly mixed.
  for (let i = 0; i < 16; i++) generator.next();

  const uniform = (): number => {
    const high = generator.next() >>> 5;
    const low = generator.next() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  };
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const square = u * u + v * v;
      if (square === 0 || square >= 1) continue;
      const scale = Math.sqrt((-2 * log(square)) / square);
      spare = v * scale;
      return u * scale;
    }
  };
  return { uniform, normal, below: (n) => Math.floor(uniform() * n) };
}

/** MurmurHash3's 32-bit finaliser: neighbouring seeds become unrelated ones. */
function mix(seed: number): number {
  let h = (seed + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
