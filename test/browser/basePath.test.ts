import { expect, test } from "vitest";
import { eventsOf, join, startServer, temporaryFolder } from "../server/server.ts";
import { useGame } from "./game.ts";
import { walkHome } from "./gardener.ts";
import { worldButton } from "./lessons.ts";
import { after, someone, useVisitors } from "./visitors.ts";

useGame();
useVisitors();

test("under a base path a lesson begins, is taught in and is found again", async () => {
  const server = await startServer(temporaryFolder(), { BASE_PATH: "/a/dojo" });
  after.push(() => server.kill());
  const page = await (await someone()).newPage();
  const strays: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (url.startsWith("http") && !url.startsWith(`${server.address}/`)) strays.push(url);
  });
  await page.goto(`${server.address}/`);
  await page.locator(".play").waitFor();
  await worldButton(page, "Meadow").click();
  await page.locator(".saved.open").waitFor();
  await page.locator(".stage canvas").waitFor();
  await walkHome(page);
  await expect.poll(() => page.locator(".episodes li").count()).toBe(1);
  await page.locator(".saved.open", { hasText: "saved" }).waitFor();
  const url = page.url();
  expect(url.startsWith(`${server.address}/?lesson=`)).toBe(true);
  const stored = await eventsOf(await join(server, new URL(url).searchParams.get("lesson")));
  expect(stored.map(({ type }) => type)).toEqual(["created", "demonstrated"]);
  await page.reload();
  await page.locator(".saved.open", { hasText: "saved" }).waitFor();
  expect(page.url()).toBe(url);
  await page.getByRole("link", { name: "DAgger Dojo" }).click();
  await page.locator(".play").waitFor();
  expect(page.url()).toBe(`${server.address}/`);
  await page.goto(`${server.address}/explorer.html`);
  await page.getByRole("heading").first().waitFor();
  expect(strays).toEqual([]);
});
