import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Overview } from "../../shared/study/overview.ts";
import type { ParticipantRequest, StudyView } from "../../shared/study/requests.ts";
import { compare, runBots } from "../studies/pilot.ts";
import { pilotProtocol } from "../studies/protocol.ts";
import { enter, type RunningServer, startServer, temporaryFolder } from "./server.ts";

let server: RunningServer;
const folder = temporaryFolder();
/** Writes a study's file. */
const write = (name: string, changes: object = {}) =>
  writeFileSync(
    joinPath(folder, `${name}.json`),
    JSON.stringify({ ...pilotProtocol(500), ...changes }),
  );

beforeAll(async () => {
  server = await startServer(temporaryFolder(), {
    STUDIES_DIR: folder,
    MAX_LESSONS_AN_HOUR: "1000",
  });
});
afterAll(() => server.stop());

const post = (path: string, body: unknown) =>
  fetch(`${server.address}/api/studies/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const come = { type: "enter", study: null, session: null } as const;
async function ask(
  study: string,
  participant: string,
  request: ParticipantRequest,
): Promise<StudyView> {
  const response = await post(study, { participant, request });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as StudyView;
}

async function toTask(study: string, id: string): Promise<StudyView> {
  await ask(study, id, come);
  await ask(study, id, { type: "consent", version: "2" });
  await ask(study, id, { type: "instructed" });
  await ask(study, id, { type: "check", tries: 0, answers: [1] });
  return ask(study, id, { type: "begin", task: 0 });
}

/** Where the address of a study leads. */
async function sentTo(address: string): Promise<string | null> {
  const response = await fetch(`${server.address}/study/${address}`, { redirect: "manual" });
  return response.headers.get("location");
}

test("the panel's link leads to the page with what it says, under the names in the file, and nothing else", async () => {
  write("linked", { names: { participant: "who", session: "visit" } });
  expect(await sentTo("linked?who=%3Cb%3E%26&visit=v&STUDY_ID=s&utm=x")).toBe(
    "/study.html?study=linked&participant=%3Cb%3E%26&panel=s&session=v",
  );
  expect(await sentTo("linked?PROLIFIC_PID=x")).toBe("/study.html?study=linked");
  expect(await sentTo("linked/researcher?x=y")).toBe("/study.html?study=linked&researcher");
  expect(await sentTo("nowhere?PROLIFIC_PID=x")).toBe("/study.html?study=nowhere&participant=-");
  for (const odd of ["a%2f..", "A", "linked/admin", "linked%0d%0aSet-Cookie:x=y"])
    expect(await sentTo(odd), odd).toBeNull();
});

test("bots of every fate go through a study, and its export is what they did", async () => {
  write("pilot");
  const bots = await runBots(server, "pilot", 16, 8);
  const to = joinPath(temporaryFolder(), "out");
  const { complaints, finished, cells } = await compare(bots, "pilot", server.dataFolder, to);
  expect(complaints).toEqual([]);
  expect(finished).toBe(10);
  const counts = Object.values(cells);
  expect(counts).toHaveLength(4);
  // Two are screened out, and where nobody came after them their places are still free.
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1 + 2);
  // No formula comes out of what was typed.
  const answers = readFileSync(joinPath(to, "answers.csv"), "utf8");
  expect(answers).toContain(`"'=HYPERLINK`);
  expect(answers).not.toContain(`"=HYPERLINK`);
});

test("bots are asked for the wheel, where a plan has it, and that is in the export", async () => {
  writeFileSync(
    joinPath(folder, "asking.json"),
    JSON.stringify(pilotProtocol(500, { world: "oval", ways: ["takeover", "when-asked"] })),
  );
  const bots = await runBots(server, "asking", 4, 4);
  const to = joinPath(temporaryFolder(), "out");
  expect((await compare(bots, "asking", server.dataFolder, to)).complaints).toEqual([]);
  const asked = bots
    .flatMap(({ sent }) => [...sent.values()].flat())
    .filter(({ body }) => "asking" in body);
  expect(asked).toHaveLength(bots.length);
});

test("fifty who arrive at once are shared out evenly, and none beyond the cap", async () => {
  write("crowd", { participants: 40 });
  const ids = Array.from({ length: 50 }, (_, i) => `p${i}`);
  await Promise.all(ids.map((id) => ask("crowd", id, come)));
  const consent = { type: "consent", version: "2" } as const;
  await Promise.all(ids.map((id) => ask("crowd", id, consent)));
  const steps = (await Promise.all(ids.map((id) => ask("crowd", id, come)))).map(
    ({ step }) => step,
  );
  expect(steps.filter((step) => step === "instructions")).toHaveLength(40);
  expect(steps.filter((step) => step === "full")).toHaveLength(10);
  const { overview } = await look("crowd");
  expect(overview.cells.map(({ taken }) => taken)).toEqual([10, 10, 10, 10]);
});

test("after a restart everybody is where they were, with the same lesson", async () => {
  write("lasting");
  const before = await toTask("lasting", "anna");
  await server.kill();
  await server.start();
  const after = await ask("lasting", "anna", come);
  expect(after).toEqual(before);
  const { lesson } = after.task!;
  const { room } = await enter(server, { lesson: lesson!.id, secret: lesson!.secret });
  expect((await room.request("events", { since: 0 })).owner).toBe(true);
  await room.leave();
});

test("who has begun keeps the file that they began with, and who comes later has the new one", async () => {
  write("changing");
  await ask("changing", "anna", come);
  await new Promise((resolve) => setTimeout(resolve, 20));
  write("changing", { title: "Another title" });
  expect((await ask("changing", "anna", come)).title).toBe("A pilot of bots");
  expect((await ask("changing", "bert", come)).title).toBe("Another title");
});

describe("what is refused", () => {
  test.each([
    ["a study that there is not", "nowhere", { participant: "a", request: come }, 404],
    ["a name that is a path", "..%2f..%2fpackage", { participant: "a", request: come }, 404],
    ["no JSON", "lasting", "{", 400],
    ["no participant", "lasting", { request: come }, 400],
    ["an id that is too long", "lasting", { participant: "x".repeat(129), request: come }, 400],
    ["another field", "lasting", { participant: "a", request: { ...come, admin: true } }, 400],
    [
      "too much",
      "lasting",
      { participant: "a", request: { type: "answer", answers: { a: "x".repeat(70_000) } } },
      413,
    ],
    [
      "a name from the prototype",
      "lasting",
      { participant: "zed", request: { type: "answer", answers: JSON.parse('{"__proto__":1}') } },
      409,
    ],
  ])("%s", async (_, study, body, status) => {
    const response = await post(study, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ reason: expect.stringMatching(/\.$/) });
  });

  test("a task that is not done, and what comes before its time", async () => {
    write("early", { orders: "as-written" });
    await toTask("early", "anna");
    const finish = { type: "finish", task: 0, skip: true } as const;
    const response = await post("early", { participant: "anna", request: finish });
    expect(await response.json()).toEqual({
      code: "nothing-new",
      reason: "This task is not done yet.",
    });
    expect((await ask("early", "anna", { type: "answer", answers: {} })).step).toBe("task");
  });

  test("a study whose file has a mistake says so to who comes, and who has begun goes on", async () => {
    write("spoilt");
    const before = await toTask("spoilt", "anna");
    await server.stop();
    writeFileSync(joinPath(folder, "spoilt.json"), "{");
    await server.start();
    expect(await ask("spoilt", "anna", come)).toEqual(before);
    expect((await post("spoilt", { participant: "bert", request: come })).status).toBe(503);
    expect(await sentTo("spoilt?PROLIFIC_PID=anna")).toContain("participant=anna");

    writeFileSync(joinPath(folder, "broken.json"), '{"title":');
    const response = await post("broken", { participant: "a", request: come });
    // It is mended before long: pages ask again.
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: "damaged" });
    expect((await ask("lasting", "anna", come)).step).toBe("task");
  });
});

/** Runs `npm run study` on the server's data. */
function command(...args: string[]) {
  const env = { ...process.env, DATA_DIR: server.dataFolder };
  return spawnSync(process.execPath, ["scripts/study.mjs", ...args], { env, encoding: "utf8" });
}

function newSecret(study: string): string {
  const { stdout, stderr } = command("link", study);
  const secret = stdout.match(new RegExp(`: /study/${study}/researcher#([\\w-]{22})\n$`))?.[1];
  if (!secret) throw new Error(stdout + stderr);
  return secret;
}

/** The secret of the researcher of each study that was looked at. */
const secrets = new Map<string, string>();
async function research(study: string, request: object): Promise<Response> {
  if (!secrets.has(study)) secrets.set(study, newSecret(study));
  return post(`${study}/researcher`, { secret: secrets.get(study), request });
}
async function look(study: string): Promise<{ overview: Overview }> {
  return (await research(study, { type: "look" })).json() as Promise<{ overview: Overview }>;
}

describe("npm run study", () => {
  test("check says what a file comes to, or what is wrong with it", () => {
    const { status, stdout } = command("check", "studies/examples/example.json");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^“Teaching a car to stay on the road”: 40 participants, 60 minutes each/,
    );
    const rows = [...stdout.matchAll(/^ {2}(?:novel|random) .+? (\d+) +(\d+)$/gm)];
    expect(rows).toHaveLength(4);
    expect(rows.reduce((sum, [, assigned]) => sum + Number(assigned), 0)).toBe(1000);
    const bad = joinPath(folder, "bad.json");
    writeFileSync(bad, JSON.stringify({ ...pilotProtocol(5), participants: 0, title: "" }));
    const refused = command("check", bad);
    expect(refused.status).toBe(2);
    expect(refused.stdout).toBe("");
    expect(refused.stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/bad\.json: title: .+\.$/),
      expect.stringMatching(/bad\.json: participants: .+\.$/),
    ]);
  });

  test.each([
    [["check", "nowhere.json"], "nowhere.json: There is no such file."],
    [["check", "README.md"], "A study's file is called NAME.json"],
    [["link", "../x"], '"../x" is no study\'s name.'],
    [["lnik", "x"], "Say `check FILE` or `link NAME`."],
  ])("%j is refused", (args, sentence) => {
    const { status, stdout, stderr } = command(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(sentence);
  });
});

describe("the researcher", () => {
  test("is asked for the secret, and a new link makes the old one useless", async () => {
    write("secret");
    await ask("secret", "anna", come);
    const at = { type: "look" };
    expect((await post("secret/researcher", { secret: "x".repeat(22), request: at })).status).toBe(
      403,
    );
    expect((await research("secret", at)).status).toBe(200);
    const old = secrets.get("secret")!;
    secrets.delete("secret");
    expect((await research("secret", at)).status).toBe(200);
    expect((await post("secret/researcher", { secret: old, request: at })).status).toBe(403);
    const files = readdirSync(server.dataFolder).map((name) =>
      readFileSync(joinPath(server.dataFolder, name), "latin1"),
    );
    expect(files.some((text) => text.includes(secrets.get("secret")!))).toBe(false);
  });

  test("closes the study to those who come, and lets others finish", async () => {
    write("closing");
    await toTask("closing", "anna");
    await ask("closing", "bert", come);
    await research("closing", { type: "close" });
    expect((await ask("closing", "carl", come)).step).toBe("closed");
    expect((await ask("closing", "bert", { type: "consent", version: "2" })).step).toBe("closed");
    expect((await ask("closing", "anna", come)).step).toBe("task");
    await research("closing", { type: "reopen" });
    expect((await ask("closing", "bert", { type: "consent", version: "2" })).step).toBe(
      "instructions",
    );
  });

  test("deletes a participant: nothing that they did is in the database any more", async () => {
    write("deleting");
    const id = "somebody-with-a-name-of-their-own";
    const { lesson } = (await toTask("deleting", id)).task!;
    const { room } = await enter(server, { lesson: lesson!.id, secret: lesson!.secret });
    await room.leave();
    const [row] = (await look("deleting")).overview.participants;
    expect(row).toMatchObject({ id, place: "task 1" });
    const response = await research("deleting", { type: "delete", participant: row!.number });
    expect(((await response.json()) as { overview: Overview }).overview.participants).toEqual([]);
    expect((await research("deleting", { type: "delete", participant: row!.number })).status).toBe(
      404,
    );
    // A page of theirs that is still open is told so.
    const late = await post("deleting", { participant: id, request: { type: "instructed" } });
    expect(late.status).toBe(409);
    await expect(enter(server, { lesson: lesson!.id })).rejects.toThrow();
    // After a restart, too.
    await server.stop();
    const database = new Database(joinPath(server.dataFolder, "lessons.db"), { readonly: true });
    for (const table of ["lessons", "events", "policies", "studies", "study_events"]) {
      const rows = JSON.stringify(database.prepare(`select * from ${table}`).all());
      expect(rows.includes(id) || rows.includes(lesson!.id), table).toBe(false);
    }
    database.close();
    await server.start();
    expect((await look("deleting")).overview.arrived).toBe(0);
    expect((await ask("deleting", id, come)).step).toBe("consent");
  });
});
