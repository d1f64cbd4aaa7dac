/** The tables, as the last of the migrations leaves them. */
export interface Schema {
  lessons: {
    id: string;
    /** Milliseconds since 1970. */
    created: number;
    /** SHA-256 of the secret that lets one teach, hex; null in lessons of before there were any. */
    secret: string | null;
    /** Number of the last event; null in lessons of before it was kept. */
    last: number | null;
    /** Hash of all events up to `last`, see `Tail`; null likewise. */
    hash: string | null;
  };
  events: {
    lesson: string;
    /** 1, 2, 3 … within a lesson, without gaps. */
    seq: number;
    /** Chosen by whoever asked for the event; nothing is done twice under one key. */
    key: string;
    /** Milliseconds since 1970. */
    at: number;
    /** The event as JSON, without `seq` and `at`. */
    body: string;
    /** Checksum of the row, see `Log`; null in rows of before there were any. */
    crc: number | null;
    /**
     * SHA-256, hex, of the request that came with the key: the key with another request is a mistake.
     * Null in rows of before it was kept, and in each lesson's first.
     */
    print: string | null;
  };
  /**
   * The parameters of each policy that a `trained` event speaks of. They follow from the log, so
   * this table may be emptied and computed again.
   */
  policies: { lesson: string; seq: number; json: string };
  /** One row, written for no other reason than to see whether it can be. */
  checks: { id: number; at: number };
  /** One row: by which name pages know this log. A restored backup gets another. */
  epochs: { id: number; epoch: string };
  studies: {
    name: string;
    /** Milliseconds since 1970. */
    created: number;
    /** What the addresses and secrets of its participants' lessons are made from. */
    seed: string;
    /** SHA-256, hex, of the secret of the researcher's page; null where there is none yet. */
    secret: string | null;
  };
  /** See `shared/study/events.ts`. */
  study_events: {
    study: string;
    /** 1, 2, 3 … within a study, without gaps. */
    seq: number;
    at: number;
    /** Whose event it is, by the number of their arrival; null where it is nobody's. */
    participant: number | null;
    body: string;
    crc: number;
  };
  classes: {
    /** The class's address. */
    name: string;
    /** Milliseconds since 1970. */
    created: number;
    /** What the addresses and secrets of its pupils' lessons are made from. */
    seed: string;
    /** SHA-256, hex, of the teacher's secret. */
    secret: string | null;
  };
  /** See `shared/class/events.ts`; the columns are those of `study_events`. */
  class_events: {
    class: string;
    seq: number;
    at: number;
    participant: number | null;
    body: string;
    crc: number;
  };
  /** By which letters pupils come to which class. A code is another class's only once this one is forgotten. */
  class_codes: { code: string; class: string };
  /** Which lesson is whose, by the pupil's number. */
  class_lessons: { lesson: string; class: string; pupil: number };
  /** What the class's learner drove, as JSON, of the last event that says what it came to. */
  class_results: { class: string; seq: number; json: string };
}
