import type { Protocol } from "../../study/protocol.ts";
import type { Participant, Study } from "../../study/study.ts";
import type { ColumnOf } from "../table.ts";

/** A study, and what its participants are to be called in its data. */
export interface StudySource {
  readonly study: Study;
  /** What stands for something that the panel gave; null where it is left out. */
  readonly named: (panelId: string) => string | null;
  /** When the data are made, milliseconds since 1970. */
  readonly now: number;
}

export interface ParticipantRow {
  readonly source: StudySource;
  readonly one: Participant;
  readonly protocol: Protocol;
}

export const since1970 = "ms since 1970, UTC";

export const participantNumber: ColumnOf<ParticipantRow> = {
  name: "participant",
  type: "integer",
  meaning: "Number of the participant in the study, by which the tables belong together.",
  of: ({ one }) => one.number,
};

/** A row for each who came. */
export function participantRows(source: StudySource): ParticipantRow[] {
  return [...source.study.participants.values()].map((one) => ({
    source,
    one,
    protocol: source.study.protocolOf(one),
  }));
}
