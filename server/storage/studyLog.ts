import type { Kysely } from "kysely";
import type { Spend } from "../../shared/lesson/log.ts";
import { type StudyEvent, type StudyEventBody, studyEvent } from "../../shared/study/events.ts";
import { random128 } from "../random128.ts";
import { EventLog, type Tables } from "./eventLog.ts";
import type { Reads } from "./reads.ts";
import type { Schema } from "./schema.ts";
import type { Writes } from "./writes.ts";

const tables: Tables = {
  owners: "studies",
  events: "study_events",
  owner: "study",
  words: "study",
};

/** The log of every study, beside the lessons that participants do in it. */
export class StudyLog extends EventLog<StudyEventBody> {
  constructor(db: Kysely<Schema>, reads: Reads, writes: Writes) {
    super(db, reads, writes, tables, studyEvent);
  }

  /**
   * What the addresses and the secrets of a study's lessons are made from, so that they are the same wherever the
   * same participant comes in; the study's row is made where there is none.
   * @throws NotStored
   */
  async seed(study: string): Promise<string> {
    const known = await this.seedOf(study);
    if (known) return known;
    // Two processes may do so at once: the first one's stays.
    await this.writes.write((run) => this.addOwner(run, study, null));
    return this.seed(study);
  }

  /** Makes a new secret for the researcher's page, in place of any before. It is kept nowhere here. @throws NotStored */
  async renewSecret(study: string): Promise<string> {
    await this.seed(study);
    const secret = random128();
    await this.writes.write((run) => this.setSecret(run, study, secret));
    return secret;
  }

  /**
   * Deletes what there is of a participant: their events' content, and their lessons with all that is in them. That
   * it was done is event number `seq`; null, and nothing is deleted, where somebody else wrote first.
   * @throws NotStored
   */
  async erase(
    study: string,
    seq: number,
    participant: number,
    lessons: readonly string[],
    spend?: Spend,
  ): Promise<StudyEvent | null> {
    return this.writes.write(async (run) => {
      const added = await this.add(run, study, seq, { type: "erased", participant }, null);
      if (!added) return null;
      // What is left of an event of somebody who was deleted.
      await this.replaceAll(run, study, participant, { type: "deleted" });
      await this.drop(run, lessons);
      return added;
    }, spend);
  }
}
