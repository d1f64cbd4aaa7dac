import { simulate } from "../../shared/study/assignment.ts";
import { BadProtocol, longestProtocol, readProtocol } from "../../shared/study/protocol.ts";
import { openLog, type Place } from "../storage/place.ts";

export { studyName } from "../../shared/study/protocol.ts";
export { BadSetting, placeIn } from "../settings.ts";
export { BadProtocol, longestProtocol };

/** Participants who are simulated, and the share of them who leave before they are done. */
const simulated = 1000;
const leaving = 0.2;

/** What a protocol comes to, in lines for whoever wrote it. @throws BadProtocol */
export function describeProtocol(text: string): string {
  const protocol = readProtocol(text);
  const { title, conditions, orders, questions, check, participants, minutes } = protocol;
  const cells = simulate(protocol, simulated, leaving, 1);
  const lines = [
    `“${title}”: ${participants} participants, ${minutes} minutes each.`,
    `Conditions ${conditions.length}, orders ${orders.length}, tasks ${orders[0]!.length}, questions ${questions.length}, comprehension check ${check ? `of ${check.questions.length}, tries ${check.tries}` : "none"}.`,
    "",
    `${simulated} simulated participants, of whom ${100 * leaving} % leave:`,
    ...columns([
      ["condition", "order", "assigned", "finished"],
      ...cells.map(({ condition, order, assigned, finished }) => [
        condition,
        order.map((i) => i + 1).join(" "),
        `${assigned}`,
        `${finished}`,
      ]),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ")}`.trimEnd(),
  );
}

/** Makes a new secret for the researcher's page of a study; a link of before is of no use any more. @throws NotStored */
export async function renewResearcherSecret(study: string, place: Place): Promise<string> {
  const log = await openLog(place);
  try {
    return await log.studies.renewSecret(study);
  } finally {
    await log.close();
  }
}
