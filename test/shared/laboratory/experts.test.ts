import { expect, test } from "vitest";
import { expertsOutputs, foretellPersons } from "../../../shared/laboratory/experts.ts";

const study = { world: "garden", people: 4, walks: 3, seeds: 1, seed: 1 };
const run = foretellPersons(study, 0);

test("nobody foretells better than the weights behind the walks, and own walks help", () => {
  for (const kind of ["like", "unlike"] as const) {
    const { chance, alone, population, truth } = run[kind];
    expect(population.at(-1)).toBeLessThan(truth.at(-1)!);
    expect(alone.at(-1)).toBeGreaterThan(alone[0]!);
    expect(alone[0]).toBeGreaterThan(chance[0]! - 0.2);
    expect(new Set(chance).size).toBe(1);
  }
});

test("others help before there are walks of one's own, and are told apart where they differ", () => {
  const { like, unlike } = run;
  expect(like.population[0]).toBeGreaterThan(like.alone[0]!);
  expect(unlike.spread.found).toBeGreaterThan(like.spread.found);
  expect(unlike.spread.true).toBeGreaterThan(like.spread.true);
});

test("is written as tables and as JSON", () => {
  const { text, json } = expertsOutputs(study, [run]);
  expect(text).toMatch(/^ +that all are of one population +0\.\d{3} \[/m);
  expect(text).toMatch(/^ +unlike +\d\.\d\d \[/m);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(JSON.parse(json)).toEqual({ study, runs: [run] });
});
