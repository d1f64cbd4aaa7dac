import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { createLesson, teachAt } from "../server/server.ts";
import network from "../shared/policies/foreign/network.json";
import { findings } from "./findings.ts";
import { browser, server, useGame } from "./game.ts";
import { desktop, openLesson, phone, seeRound } from "./lessons.ts";

useGame();

const folder = "dist/screens";
const file = { format: "dagger-dojo network", version: 1, world: "road", ...network.road.network };
const named = (content: object) => ({
  name: "network.json",
  mimeType: "application/json",
  buffer: Buffer.from(JSON.stringify(content)),
});

test.each([
  ["desktop", desktop],
  ["phone", phone],
] as const)("a network is opened as a file, drives, and asks, on a %s", async (size, options) => {
  mkdirSync(folder, { recursive: true });
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(server.address);
  const choose = page.getByLabel("Open a lesson file");
  await choose.setInputFiles(named({ ...file, layers: file.layers.slice(0, -1) }));
  await page
    .getByRole("alert")
    .filter({ hasText: "layers[5].weights: There are 4 rows" })
    .waitFor();

  await choose.setInputFiles(named(file));
  await page.getByRole("heading", { name: "Your network" }).waitFor();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findings(page, colorScheme === "dark")).toEqual([]);
    await page.screenshot({ path: `${folder}/network-${size}-${colorScheme}.png` });
  }
  await page.getByText("For the curious").click();
  expect(await page.getByLabel("Learner").inputValue()).toBe("imported");
  await page.keyboard.press("Enter");
  await seeRound(page);
  await page.keyboard.press("4");
  await page.locator(".question, .asked, .correct, h2").first().waitFor();
  await page.keyboard.press("2");
  await page.getByText("There is nothing new to learn from").waitFor();
  await context.close();
});

test("whoever teaches is told what their program does, and what is wrong with what it sent", async () => {
  const id = await createLesson(server, "road");
  const [, secret] = teachAt(server, id).split("#teach=");
  const page = await openLesson(id, phone);
  const send = (body: object) =>
    fetch(`${server.address}/api/lessons/${id}/network`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
      body: JSON.stringify(body),
    });
  await send({ basis: 1, layers: [] });
  await page
    .getByRole("alert")
    .filter({ hasText: "The lesson cannot use what your program sent: layers: " })
    .waitFor();
  await page.screenshot({ path: `${folder}/program-phone-light.png` });
  await send({ basis: 1, ...network.road.network });
  await page.getByText("It has learned up to event 1 of this lesson.").waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("2");
  await page.getByText("For the curious").click();
  await page.getByLabel("Learner").selectOption("imported");
  await page.getByRole("heading", { name: "Your network" }).waitFor();
  await page.context().close();
});
