import { expect } from "vitest";
import type { SqlLog } from "../../../server/storage/sqlLog.ts";
import { readyLevel } from "../../../shared/class/plans.ts";

const created = (code: string) => ({
  type: "created" as const,
  code,
  level: readyLevel("fair-weather"),
});
const joined = { type: "joined", nickname: "Anna", key: "k" } as const;

/** What the log of classes promises, in whatever database. @param open another process's log each time */
export function classClauses(open: () => Promise<SqlLog>) {
  const using = (test: (one: SqlLog, other: SqlLog) => Promise<void>) => async () => {
    const [one, other] = [await open(), await open()];
    try {
      await test(one, other);
    } finally {
      await one.close();
      await other.close();
    }
  };
  return [
    {
      name: "of two classes that begin with one code, one does, and its secret is kept nowhere",
      run: using(async (one, other) => {
        const both = await Promise.all(
          [one, other].map(({ classes }) => classes.begin(created("BBBBBB"))),
        );
        const [begun, ...more] = both.filter((found) => found !== null);
        expect(more).toEqual([]);
        expect(await other.classes.byCode("BBBBBB")).toBe(begun!.id);
        expect(await other.classes.isSecret(begun!.id, begun!.secret)).toBe(true);
        expect(await other.classes.isSecret(begun!.id, "x".repeat(22))).toBe(false);
        expect(await one.classes.byCode("CCCCCC")).toBeNull();
      }),
    },
    {
      name: "who came has their lesson with the event, or neither",
      run: using(async (one, other) => {
        const { id } = (await one.classes.begin(created("DDDDDD")))!;
        const both = await Promise.all(
          [one, other].map(({ classes }, i) =>
            classes.appendJoined(id, 2, joined, `lesson-of-${i}-with-22-ch`),
          ),
        );
        expect(both.filter((stored) => stored !== null)).toHaveLength(1);
        const lessons = await one.classes.lessons(id);
        expect(lessons).toHaveLength(1);
        expect(await other.classes.pupilOf(lessons[0]!)).toEqual({ class: id, pupil: 2 });
        expect(await one.classes.pupilOf("x".repeat(22))).toBeNull();
      }),
    },
    {
      name: "a lesson that begins while its class is forgotten is forgotten with it",
      run: using(async (one, other) => {
        const { id } = (await one.classes.begin(created("HHHHHH")))!;
        const lesson = { id: "a-lesson-with-22-chars", secret: "x".repeat(22) };
        await one.classes.appendJoined(id, 2, joined, lesson.id);
        const begin = () => one.createInClass(id, { world: "garden" }, lesson);
        await Promise.all([begin(), other.classes.forget(id), begin()]);
        expect(await one.events(lesson.id)).toEqual([]);
        expect(await begin()).toBe(false);
        expect(await one.classes.append(id, 3, { type: "frozen" })).toBeNull();
      }),
    },
    {
      name: "a class that is forgotten leaves nothing, and others stay",
      run: using(async (one, other) => {
        const { id } = (await one.classes.begin(created("FFFFFF")))!;
        const stays = (await one.classes.begin(created("GGGGGG")))!;
        const lesson = await one.create({ world: "garden" });
        await one.classes.appendJoined(id, 2, joined, lesson.id);
        expect(await one.classes.before(Date.now() - 60_000)).toEqual([]);
        expect(await one.classes.before(Date.now() + 60_000)).toEqual(
          expect.arrayContaining([id, stays.id]),
        );
        await other.classes.forget(id);
        await one.classes.forget(id);
        expect(await one.classes.seed(id)).toBeNull();
        expect(await one.classes.byCode("FFFFFF")).toBeNull();
        expect(await one.events(lesson.id)).toEqual([]);
        expect(await one.classes.byCode("GGGGGG")).toBe(stays.id);
        // Its letters are free again.
        expect(await one.classes.begin(created("FFFFFF"))).not.toBeNull();
      }),
    },
  ];
}
