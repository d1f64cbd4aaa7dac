import { parseArgs } from "node:util";
import { describe, expect, test } from "vitest";
import { judge } from "../../../shared/imitation/evaluation.ts";
import { svgOf } from "../../../shared/laboratory/figure.ts";
import { options, parse } from "../../../shared/laboratory/flags.ts";
import { outputs } from "../../../shared/laboratory/index.ts";
import { type Run, run } from "../../../shared/laboratory/run.ts";
import { expertOf, type Study, worldOf } from "../../../shared/laboratory/study.ts";
import { figuresOf } from "../../../shared/laboratory/studyFigures.ts";
import { advantage, ratio, summarise } from "../../../shared/laboratory/summary.ts";
import { Stream, seeded } from "../../../shared/random.ts";

const studyOf = (line: string): Study => {
  const typed = parseArgs({
    args: line.split(" "),
    options,
    strict: false,
    allowPositionals: true,
  });
  const asked = parse(typed);
  if (asked?.task !== "study") throw new Error(`${line} is no study`);
  return asked.study;
};
const runsOf = (study: Study): Run[] =>
  Array.from({ length: study.seeds }, (_, index) => run(study, index, () => {}));
const small = "--rounds 3 --seeds 3 --held-out 4 --validation 4";

describe("a run", () => {
  test("of DAgger also has cloning with as many labels, from the same first policy", () => {
    for (const query of ["every", "novel", "random", "betaMixture", "takeover"]) {
      for (const { dagger, cloning, best } of runsOf(
        studyOf(`dagger --horizon 60 --query ${query} ${small}`),
      )) {
        expect(dagger.length).toBe(3);
        expect(cloning.map(({ labels }) => labels)).toEqual(dagger.map(({ labels }) => labels));
        expect(cloning[0]).toEqual(dagger[0]);
        expect(dagger[0]!.labels).toBe(60);
        expect(best).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("stops exactly at its limit of labels", () => {
    for (const { dagger, cloning } of runsOf(
      studyOf(`dagger --horizon 60 --labels 150 ${small}`),
    )) {
      expect(dagger.map(({ labels }) => labels)).toEqual([60, 120, 150]);
      expect(cloning.map(({ labels }) => labels)).toEqual([60, 120, 150]);
    }
  });

  test("reports progress up to 1, and depends on study and index alone", () => {
    const study = studyOf(`dagger --world garden ${small}`);
    const shares: number[] = [];
    const once = run(study, 1, (share) => shares.push(share));
    expect(shares.length).toBe(6);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(run(study, 1, () => {})).toEqual(once);
    expect(run(study, 2, () => {})).not.toEqual(once);
    expect(run({ ...study, seed: 2 }, 0, () => {})).toEqual(once);
  });

  test("of cloning alone adds a demonstration in each round", () => {
    for (const { dagger, cloning, best } of runsOf(studyOf(`clone --horizon 50 ${small}`))) {
      expect(dagger).toEqual([]);
      expect(best).toBeNull();
      expect(cloning.map(({ labels }) => labels)).toEqual([50, 100, 150]);
    }
  });

  test("of DAgger that chooses has two controls, which differ from it in one thing each", () => {
    const chooses = `dagger --horizon 100 --policy fourier --budget 9 ${small}`;
    const result = summarise(...both(studyOf(`${chooses} --query novel`)));
    for (const { dagger, controls } of result.runs) {
      for (const scores of Object.values(controls!)) {
        expect(scores.map(({ labels }) => labels)).toEqual(dagger.map(({ labels }) => labels));
        // Without an answer all are the clone.
        expect(scores[0]).toEqual(dagger[0]);
        expect(scores[2]).not.toEqual(dagger[2]);
      }
      expect(controls!.atRandom[2]).not.toEqual(controls!.expertDrives[2]);
    }
    expect(outputs(result.study, result.runs).text).toMatch(/^Same choice, expert at the wheel$/m);
    for (const query of ["every", "random"]) {
      expect(runsOf(studyOf(`${chooses} --query ${query}`))[0]!.controls).toBeNull();
    }
  });

  test("counts the expert's share of the steps and the switches", () => {
    const [first] = runsOf(studyOf(`dagger --horizon 60 --query betaMixture ${small}`));
    expect(first!.dagger.map(({ expertShare }) => expertShare)).toEqual([0, 1, 0]);
    const mixed = runsOf(studyOf(`dagger --horizon 60 --query betaMixture --decay 0.5 ${small}`));
    expect(mixed[0]!.dagger[2]!.switches).toBeGreaterThan(10);
  });

  test("of shift accumulates the errors over the whole horizon", () => {
    for (const { growth } of runsOf(
      studyOf(`shift --horizon 60 --query novel --budget 9 ${small}`),
    )) {
      for (const { cost, costWithoutReset, falls } of Object.values(growth!)) {
        expect(cost.length).toBe(60);
        for (let t = 1; t < 60; t++) {
          expect(cost[t]!).toBeGreaterThanOrEqual(cost[t - 1]!);
          expect(falls[t]!).toBeGreaterThanOrEqual(falls[t - 1]!);
          // The same before the first crash, and 1 a step after it.
          const [lost, here] = [costWithoutReset, cost].map((sum) => sum[t]! - sum[t - 1]!);
          if (falls[t] === 0) expect(lost).toBe(here);
          expect(lost).toBeGreaterThanOrEqual(here! - 1e-12);
          expect(lost).toBeLessThanOrEqual(1 + 1e-12);
        }
      }
      expect(growth!.expert.cost.at(-1)!).toBeLessThan(growth!.cloning.cost.at(-1)!);
    }
  });

  test("of shift has each step from the first crash on cost 1, where a crash ends the drive", () => {
    const study = studyOf(
      `shift --world road --gust 1.5 --horizon 80 --query novel --budget 1 --rounds 1 --seeds 1 --held-out 6 --validation 1 --lag 4`,
    );
    const [{ growth }] = runsOf(study) as [Run];
    const drives = Array.from({ length: 6 }, (_, seed) => {
      const { drives } = expertOf(study);
      return judge(worldOf(study), drives(seeded(seed, Stream.expert)), seed);
    });
    const first = drives.map(({ falls }) => falls.indexOf(1));
    expect(first.filter((t) => t >= 0).length).toBeGreaterThan(1);
    const lost = drives.map(({ cost }, i) =>
      cost.reduce((sum, c, t) => sum + (first[i]! >= 0 && t >= first[i]! ? 1 : c), 0),
    );
    expect(growth!.expert.costWithoutReset.at(-1)!).toBeCloseTo(
      lost.reduce((a, b) => a + b) / 6,
      9,
    );
  });

  test("of shift counts what the expert and the road paid", () => {
    const [first] = runsOf(
      studyOf(`shift --world road --horizon 80 --query novel --budget 9 ${small}`),
    );
    const [cloning, dagger] = [first!.price!.cloning, first!.price!.dagger];
    expect(dagger.map(({ questions }) => questions)).toEqual([0, 9, 18]);
    // 20 steps are a second, and an answer takes two.
    expect(dagger.map(({ seconds }) => seconds)).toEqual([4, 22, 40]);
    expect(cloning.map(({ questions }) => questions)).toEqual([0, 0, 0]);
    expect(cloning.map(({ seconds }) => seconds)).toEqual([4, 8, 8]);
    expect(first!.asLong!.price.seconds).toBe(40);
    expect(first!.asLong!.score.labels).toBe(800);
    const watched = runsOf(
      studyOf(`shift --world road --horizon 80 --query takeover ${small}`),
    )[0]!;
    expect(watched.price!.dagger.map(({ seconds }) => seconds)).toEqual([4, 8, 12]);
    expect(watched.price!.dagger.map(({ questions }) => questions)).toEqual([0, 0, 0]);
    const windy = runsOf(
      studyOf(`shift --world road --gust 1.5 --horizon 80 --query novel --budget 9 ${small}`),
    )[0]!;
    expect(windy.price!.dagger[2]!.crashes).toBeGreaterThan(0);
  });

  test("with a worse expert learns worse", () => {
    const disagreement = (flags: string) =>
      summarise(...both(studyOf(`dagger --horizon 60 ${flags}${small}`))).dagger.at(-1)!
        .onExpertStates.value;
    expect(disagreement("--noise 0.8 ")).toBeGreaterThan(1.5 * disagreement(""));
  });
});

function both(study: Study): [Study, Run[]] {
  return [study, runsOf(study)];
}

describe("a summary", () => {
  const study = studyOf("dagger --seeds 4");
  const score = (measure: number, labels: number) => ({
    labels,
    measure,
    length: 200,
    deviation: 0.1,
    onOwnStates: 0.2,
    onExpertStates: 0.1,
    switches: 0,
    expertShare: 0,
  });
  const made = (measures: readonly number[], labels: number, best: number): Run => ({
    expert: 0,
    dagger: measures.map((measure, i) => score(measure, labels * (i + 1))),
    cloning: measures.map((measure, i) => score(measure + 3, labels * (i + 1))),
    controls: null,
    best,
    growth: null,
    price: null,
    asLong: null,
  });

  test("is the interquartile mean over the runs, never over their episodes", () => {
    const runs = [
      made([9, 0], 100, 1),
      made([1, 1], 100, 1),
      made([3, 2], 120, 0),
      made([5, 100], 80, 0),
    ];
    const summary = summarise(study, runs);
    expect(summary.dagger[0]!.measure.value).toBe(4); // of 1, 3, 5, 9
    expect(summary.dagger[1]!.measure.value).toBe(1.5); // of 0, 1, 2, 100
    expect(summary.dagger[1]!.labels).toBe(200);
    expect(summary.dagger[1]!.mostLabels).toBe(240);
    expect(summary.best!.measure.value).toBe(2); // of 0, 1, 3, 5
    expect(ratio(summary)).toBe(3);
    // Resampled in pairs, the difference is 3 in every resample.
    expect(advantage(summary)).toEqual({ value: 3, low: 3, high: 3 });
    const { low, high } = summary.dagger[0]!.measure;
    expect(low).toBeGreaterThanOrEqual(1);
    expect(low).toBeLessThan(4);
    expect(high).toBeGreaterThan(4);
    expect(high).toBeLessThanOrEqual(9);
  });

  test("a run that has all its labels keeps its last score", () => {
    const { dagger } = summarise({ ...study, seeds: 2 }, [made([4, 2], 10, 0), made([6], 10, 0)]);
    expect(dagger.map(({ measure }) => measure.value)).toEqual([5, 4]);
  });
});

describe("the output", () => {
  const study = studyOf(`shift --world path --query takeover ${small}`);
  const written = outputs(study, runsOf(study));

  test("is one page, all in one file, light and dark, with its data", () => {
    const { page } = written;
    expect(page).not.toMatch(/https?:\/\/|<link|src=|@import|url\(/);
    expect(page).toContain("prefers-color-scheme: dark");
    expect(page).toContain("#1b9e77");
    expect(page).toContain("#d95f02");
    expect(page).toContain("tabular-nums");
    expect(page).toContain("npm run lab -- shift --world path");
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]!;
    expect(JSON.parse(data)).toEqual(JSON.parse(written.json));
    expect(page.match(/<svg/g)!.length).toBe(
      page.match(/role="img" aria-label="[^"]{20,}"/g)!.length,
    );
  });

  test("has no NaN", () => {
    for (const text of Object.values(written)) expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("the figure is an image of its own with a line and a band for each learner", () => {
    const { figure } = written;
    expect(figure).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(figure).toContain("<style>");
    expect(figure.match(/<polyline/g)!.length).toBe(3);
    expect(figure.match(/<polygon/g)!.length).toBe(3);
  });

  test("points are at the places of their values", () => {
    const [figure] = figuresOf(summarise(study, runsOf(study)));
    const simple = {
      ...figure!,
      level: null,
      series: [
        {
          name: "a",
          kind: "learner" as const,
          points: [
            { x: 0, y: 0, low: 0, high: 0 },
            { x: 50, y: 2, low: 1, high: 4 },
            { x: 100, y: 1, low: 0, high: 2 },
          ],
        },
      ],
    };
    const svg = svgOf(simple, false);
    const path = /<polyline class="line learner" points="([^"]*)"/.exec(svg)![1]!;
    const [a, b, c] = path.split(" ").map((pair) => pair.split(",").map(Number));
    expect(b![0]! - a![0]!).toBeCloseTo(c![0]! - b![0]!, 6);
    expect(a![1]! - b![1]!).toBeCloseTo(2 * (a![1]! - c![1]!), 6);
  });

  test("is the same from the same runs", () => {
    expect(outputs(study, runsOf(study))).toEqual(written);
  });
});
