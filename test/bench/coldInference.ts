import { compassGrid } from "../../shared/irl/grid.ts";
import { maxEnt } from "../../shared/irl/maxent.ts";
import { seeded } from "../../shared/random.ts";

// Run in a process of its own: prints the processor time of its first inference, ms, of all threads together, so that
// what else the machine does counts for little. A feature for each tile of a 5 × 5 grid, and 20 walks of 20
// moves, of which a third are at random and the others lead home.

const side = 5;
const nStates = side * side;
const model = compassGrid(side, { discount: 0.9, slip: 0.1 });
const features = new Float64Array(nStates * nStates);
for (let s = 0; s < nStates; s++) features[s * nStates + s] = 1;
const random = seeded(1);
const [down, right] = [1, 3];

function walk() {
  const states = [random.below(nStates)];
  const actions: number[] = [];
  for (let t = 0; t < 20; t++) {
    const s = states[t]!;
    const home = s % side < side - 1 ? right : down;
    const a = random.uniform() < 1 / 3 ? random.below(model.nActions) : home;
    const row = s * model.nActions + a;
    const last = model.offsets[row + 1]! - 1;
    let j = model.offsets[row]!;
    for (let u = random.uniform(); j < last && u >= model.probability[j]!; j++)
      u -= model.probability[j]!;
    actions.push(a);
    states.push(model.next[j]!);
  }
  return { states, actions };
}

const walks = Array.from({ length: 20 }, walk);
const before = process.cpuUsage();
const { gradientNorm } = maxEnt(model, features, walks, { outcomes: "expected", evenly: true });
const { user, system } = process.cpuUsage(before);
if (!(gradientNorm <= 1e-6)) throw new Error(`the gradient is ${gradientNorm}`);
process.stdout.write(`${(user + system) / 1000}`);
