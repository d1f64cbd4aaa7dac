import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { SqlLog } from "../../../server/storage/sqlLog.ts";
import { OpenStudy } from "../../../server/studies/openStudy.ts";
import { Protocols } from "../../../server/studies/protocols.ts";
import { isRefusal } from "../../../shared/lesson/refusal.ts";
import type { StudyEvent } from "../../../shared/study/events.ts";
import type { ParticipantRequest, StudyView } from "../../../shared/study/requests.ts";
import { pilotProtocol } from "../../studies/protocol.ts";
import { temporaryFolder } from "../server.ts";

const spend = () => {};
const arrival = { type: "arrived", id: "anna", study: null, session: null, protocol: 0 } as const;

async function eventsOf(log: SqlLog, study: string): Promise<StudyEvent[]> {
  const all: StudyEvent[] = [];
  for await (const page of log.studies.events(study)) all.push(...page);
  return all;
}

/** What the log of studies promises, in whatever database. @param open another process's log each time */
export function studyClauses(open: () => Promise<SqlLog>) {
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
      name: "what is written in one process is read in another, page by page",
      run: using(async (one, other) => {
        await one.studies.seed("long");
        for (let seq = 1; seq <= 501; seq++)
          expect(await one.studies.append("long", seq, { type: "closed" })).toMatchObject({ seq });
        const events = await eventsOf(other, "long");
        expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 501 }, (_, i) => i + 1));
        expect(await other.studies.seed("long")).toBe(await one.studies.seed("long"));
      }),
    },
    {
      name: "of two who write at one place, one does",
      run: using(async (one, other) => {
        await one.studies.seed("race");
        const both = await Promise.all(
          [one, other].map(({ studies }) => studies.append("race", 1, { type: "closed" })),
        );
        expect(both.filter((stored) => stored !== null)).toHaveLength(1);
        expect(await eventsOf(one, "race")).toHaveLength(1);
      }),
    },
    {
      name: "who is erased has no events and no lessons any more, and the rest is in its place",
      run: using(async (one, other) => {
        const { studies } = one;
        await studies.seed("erasing");
        const { id } = await one.create({ world: "garden" });
        await studies.append("erasing", 1, arrival);
        await studies.append("erasing", 2, { type: "closed" });
        await studies.append("erasing", 3, { type: "began", participant: 1, task: 0, lesson: id });
        expect(await studies.erase("erasing", 3, 1, [id])).toBeNull();
        expect((await eventsOf(one, "erasing"))[0]).toMatchObject({ id: "anna" });
        expect(await studies.erase("erasing", 4, 1, [id])).toMatchObject({ type: "erased" });
        const types = (await eventsOf(other, "erasing")).map(({ type }) => type);
        expect(types).toEqual(["deleted", "closed", "deleted", "erased"]);
        expect(await one.isOwner(id, "x")).toBe(false);
        for await (const { rows } of one.stretches(id)) expect(rows).toEqual([]);
      }),
    },
    {
      name: "a lesson whose address is given is made once",
      run: using(async (one) => {
        const begun = { id: "given-address-of-22-ch", secret: "given-secrets-of-22-ch" };
        await one.create({ world: "garden" }, begun);
        await one.create({ world: "road" }, begun);
        expect(await one.events(begun.id)).toMatchObject([{ world: "garden" }]);
        expect(await one.isOwner(begun.id, begun.secret)).toBe(true);
      }),
    },
    {
      name: "those who arrive at two processes at once are shared out evenly, once each",
      run: using(async (one, other) => {
        const folder = temporaryFolder();
        writeFileSync(join(folder, "crowd.json"), JSON.stringify(pilotProtocol(100)));
        const doors = [one, other].map((log) => new OpenStudy("crowd", log, new Protocols(folder)));
        const ask = async (i: number, door: number, request: ParticipantRequest) => {
          const view = await doors[door % 2]!.ask(`p${i}`, request, spend, async () => null);
          if (isRefusal(view)) throw new Error(view.reason);
          return view as StudyView;
        };
        const enter = { type: "enter", study: null, session: null } as const;
        const consent = { type: "consent", version: "2" } as const;
        const people = Array.from({ length: 20 }, (_, i) => i);
        // Each at both doors.
        await Promise.all(people.flatMap((i) => [ask(i, 0, enter), ask(i, 1, enter)]));
        await Promise.all(people.flatMap((i) => [ask(i, i, consent), ask(i, i + 1, consent)]));
        const [a, b] = await Promise.all(
          doors.map((door) =>
            door.look(spend, (study) => ({
              taken: study.taken(0, Date.now()),
              people: study.participants.size,
            })),
          ),
        );
        expect(a).toEqual({ taken: [5, 5, 5, 5], people: 20 });
        expect(b).toEqual(a);
      }),
    },
    {
      name: "who is deleted at one process while they begin a task at another is gone, and the study goes on",
      run: using(async (one, other) => {
        const folder = temporaryFolder();
        writeFileSync(join(folder, "gone.json"), JSON.stringify(pilotProtocol(10)));
        const [door, elsewhere] = [one, other].map(
          (log) => new OpenStudy("gone", log, new Protocols(folder)),
        );
        const ask = (request: ParticipantRequest) =>
          door!.ask("anna", request, spend, async () => null);
        await ask({ type: "enter", study: null, session: null });
        await ask({ type: "consent", version: "2" });
        await ask({ type: "instructed" });
        await ask({ type: "check", tries: 0, answers: [1] });
        const number = await door!.look(spend, (study) => study.find("anna")!.number);
        const create = one.create.bind(one);
        let lesson = "";
        one.create = async (...given) => {
          await elsewhere!.erase(number, spend);
          const begun = await create(...given);
          lesson = begun.id;
          return begun;
        };
        expect(await ask({ type: "begin", task: 0 })).toMatchObject({ code: "stale-round" });
        expect((await eventsOf(one, "gone")).at(-1)).toMatchObject({ type: "erased" });
        expect(await one.events(lesson)).toEqual([]);
        expect(await elsewhere!.look(spend, (study) => study.participants.size)).toBe(0);
      }),
    },
  ];
}
