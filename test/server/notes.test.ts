import { expect, test } from "vitest";
import { server, useServer } from "./running.ts";
import { createLesson, enter, eventsOf, join, newKey, refusal } from "./server.ts";

useServer();

const noted = { type: "noted", step: "demonstrate", text: "<b>hard</b> to steer" };

test("stores a note once and tells everyone", async () => {
  const lesson = await createLesson(server, "garden");
  const owner = await join(server, lesson);
  const onlooker = await enter(server, { lesson });
  const { step, text } = noted;
  const request = { key: newKey(), step: "demonstrate", text: `  ${text}\n` } as const;
  expect(step).toBe(request.step);
  expect(await owner.room.request("note", request)).toEqual({ seq: 2 });
  expect(await owner.room.request("note", request)).toEqual({ seq: 2 });
  const stored = [{ type: "created" }, { seq: 2, ...noted }];
  expect(await eventsOf(owner)).toMatchObject(stored);
  expect(await eventsOf(onlooker)).toMatchObject(stored);
  await expect.poll(() => onlooker.heard).toMatchObject([noted]);
});

test("accepts notes of the owner only, and none that is empty or too long", async () => {
  const lesson = await createLesson(server, "garden");
  const owner = await join(server, lesson);
  const onlooker = await enter(server, { lesson });
  const note = (text: string) => ({ key: newKey(), step: "demonstrate", text }) as const;
  expect(await refusal(onlooker.room.request("note", note("hello")))).toMatchObject({
    code: "not-yours",
  });
  for (const text of ["", " \n ", "x".repeat(2001)])
    expect(await refusal(owner.room.request("note", note(text)))).toMatchObject({
      code: "malformed",
    });
  expect(await owner.room.request("note", note("x".repeat(2000)))).toEqual({ seq: 2 });
  expect(await eventsOf(owner)).toHaveLength(2);
});
