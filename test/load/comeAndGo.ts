import { Player, type Reconciliation } from "./player.ts";
import type { Tally } from "./tally.ts";

/** Seconds that a lesson stays before another one takes its place. */
const stay = [8, 12, 16, 20, 24] as const;

/** For `seconds`, there are always `lessons` under way, each of which is over soon. */
export async function comeAndGo(
  asked: { readonly address: string; readonly lessons: number; readonly seconds: number },
  tally: Tally,
): Promise<Reconciliation[]> {
  const { address, lessons: n, seconds } = asked;
  const end = performance.now() + 1000 * seconds;
  const all: Reconciliation[] = [];
  await Promise.all(
    Array.from({ length: n }, async (_, index) => {
      for (let i = 0; performance.now() < end; i++) {
        const player = new Player({ address }, { index: index + i, n: n + i });
        await player.begin(tally);
        await player.play(tally, performance.now(), stay[(index + i) % stay.length]!);
        all.push(await player.reconcile());
        await player.leave();
      }
    }),
  );
  return all;
}
