import { parseArgs } from "node:util";
import { megabytes, ms } from "../load/text.ts";
import { fuzz } from "./fuzz.ts";

const help = `Sends a server of its own all kinds of things: requests right and wrong, raw frames, HTTP.

npm run fuzz -- [--inputs 10000] [--seed 1] [--json]

The same seed sends the same. What the server should not have done is printed with what it was sent.
`;

/** Runs what the arguments ask for. Returns the output and the exit code. */
export async function run(args: string[]): Promise<{ text: string; code: number }> {
  let asked: ReturnType<typeof flags>;
  try {
    asked = flags(args);
  } catch (error) {
    return { text: `${(error as Error).message}\n\n${help}`, code: 2 };
  }
  if (asked.help) return { text: help, code: 0 };
  const { inputs, seed, json } = asked;
  const result = await fuzz({ inputs, seed }, (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${inputs}`);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const code = result.findings.length > 0 ? 1 : 0;
  return { text: json ? `${JSON.stringify(result, null, 2)}\n` : say(result), code };
}

function say(result: Awaited<ReturnType<typeof fuzz>>): string {
  const { sent, seed, downs, hangs, acknowledged, memory, findings, longestStill } = result;
  const [slowest] = result.slowest;
  const first =
    downs > 0 ? `, of these ${hangs} hanging, first after ${result.downAfter} inputs` : "";
  const heap = memory.map(({ heapUsed }) => megabytes(heapUsed)).join(", ");
  const rss = memory.map(({ rss }) => megabytes(rss)).join(", ");
  return [
    `${sent} inputs of seed ${seed}: the server went down ${downs} times${first}; the lesson beside had ${acknowledged} requests acknowledged, all looked for`,
    `at the start, in the middle and at the end: heap ${heap}; memory ${rss}`,
    `it stood still for ${ms(longestStill)} at most, with others on their way; alone, the slowest input took ${slowest ? `${ms(slowest.ms)}: ${slowest.input}` : "nothing"}`,
    ...findings.flatMap(({ what, inputs }) => [
      "",
      `FOUND ${what}`,
      ...inputs.map((each) => `  ${each}`),
    ]),
    `${findings.length} findings`,
    "",
  ].join("\n");
}

function flags(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      inputs: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const whole = (name: "inputs" | "seed") => {
    const number = Number(values[name]);
    if (/^\d+$/.test(values[name]) && number >= 1 && number <= 1e8) return number;
    throw new Error(`--${name} takes a number from 1 to 100000000, not "${values[name]}".`);
  };
  return { inputs: whole("inputs"), seed: whole("seed"), json: values.json, help: values.help };
}
