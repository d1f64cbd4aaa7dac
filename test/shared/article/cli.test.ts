import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../../../scripts/article.mjs", import.meta.url));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });

describe("the command", { timeout: 20_000 }, () => {
  it("prints the listings' results", () => {
    const { status, stdout, stderr } = run();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("BC final position: (6.07, -0.78)\n");
  });

  it("prints nothing but JSON with --json", () => {
    const { status, stdout, stderr } = run("--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toHaveProperty("maxEnt.weights");
  });

  it.each(["--jsn", "-j", "json"])("rejects %s with one sentence", (flag) => {
    const { status, stdout, stderr } = run("--json", flag);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(`Unknown argument "${flag}": the only flag is --json.\n`);
  });
});
