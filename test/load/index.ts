import { parseArgs } from "node:util";
import { attack, sayAttack } from "./attack.ts";
import { attacks } from "./attacks.ts";
import { crowd, sayCrowd } from "./crowd.ts";
import { fair, sayFair } from "./fairness.ts";
import { saySoak, soak } from "./soak.ts";

const help = `Load on a server of its own, by bots in processes of their own.

npm run load -- [--lessons 200] [--seconds 60]   many lessons at once; how long each request waits
npm run load -- --soak 600 [--lessons 20]        lessons that come and go; what memory is left after them
npm run load -- --fair [--seconds 30]            light trainings beside heavy work
npm run load -- --processes 2 [--trainers 2] [--lessons 500] [--seconds 60]
                                                 many lessons in one process, then in several that share them
  --rolling                                      several only, all of which are restarted meanwhile, one after the other
npm run load -- --attack [--seconds 10]          someone's lesson beside those who do their worst; on Linux
  --only ${Object.keys(attacks).join(",")}   some of that

--bots 2       processes of bots
--profile      where the server's main thread spends its time
--json         the figures, for programs
`;

class BadFlag extends Error {}

/** Runs what the arguments ask for. Returns the output and the exit code. */
export async function run(args: string[]): Promise<{ text: string; code: number }> {
  let asked: ReturnType<typeof flags>;
  try {
    asked = flags(args);
  } catch (error) {
    return { text: `${(error as Error).message}\n\n${help}`, code: 2 };
  }
  if (asked.help) return { text: help, code: 0 };
  const { lessons, seconds, bots, profile, json } = asked;
  if (asked.fair) {
    const result = await fair(seconds ?? 30);
    return { text: json ? asJson(result) : sayFair(result), code: 0 };
  }
  if (asked.attack) {
    const result = await attack(seconds ?? 10, asked.only);
    const bad = result.scenes.some(({ broken }) => broken.length > 0);
    return { text: json ? asJson(result) : sayAttack(result), code: bad ? 1 : 0 };
  }
  if (asked.soak !== null) {
    const result = await soak({ lessons: lessons ?? 20, seconds: asked.soak, bots });
    return {
      text: json ? asJson(result) : saySoak(result),
      code: result.lost + result.twice > 0 ? 1 : 0,
    };
  }
  const result = await crowd({ lessons: lessons ?? 200, seconds: seconds ?? 60, bots, profile });
  const bad = result.lost + result.twice + result.unanswered;
  return { text: json ? asJson(result) : sayCrowd(result), code: bad > 0 ? 1 : 0 };
}

function asJson(result: object): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

function flags(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      lessons: { type: "string" },
      seconds: { type: "string" },
      bots: { type: "string" },
      soak: { type: "string" },
      fair: { type: "boolean", default: false },
      attack: { type: "boolean", default: false },
      only: { type: "string" },
      profile: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const whole = (name: "lessons" | "seconds" | "bots" | "soak", most: number) => {
    const text = values[name];
    if (text === undefined) return null;
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
    throw new BadFlag(`--${name} takes a number from 1 to ${most}, not "${text}".`);
  };
  const only = values.only?.split(",") ?? [];
  const unknown = only.find((name) => !Object.hasOwn(attacks, name));
  if (unknown !== undefined) throw new BadFlag(`--only knows no attack called "${unknown}".`);
  return {
    lessons: whole("lessons", 10_000),
    seconds: whole("seconds", 86_400),
    bots: whole("bots", 64) ?? 2,
    soak: whole("soak", 86_400),
    fair: values.fair,
    attack: values.attack,
    only,
    profile: values.profile,
    json: values.json,
    help: values.help,
  };
}
