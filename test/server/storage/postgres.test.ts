import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checksum } from "../../../server/storage/chain.ts";
import { PostgresLog } from "../../../server/storage/postgres/log.ts";
import type { Row } from "../../../shared/lesson/log.ts";
import { contractOf, type Damage, type Store } from "./contract.ts";
import { postgresBin, RunningPostgres } from "./runningPostgres.ts";

let postgres: RunningPostgres;

test("PostgreSQL is kept to where it can be had", () => {
  expect(postgresBin === null || postgresBin.length > 0).toBe(true);
});

if (postgresBin !== null)
  describe("a log in PostgreSQL", () => {
    beforeAll(async () => {
      postgres = await RunningPostgres.start();
    });
    afterAll(() => postgres.remove());

    const damage: Damage = {
      async flip(...place) {
        const [row] = await postgres.query(
          "select body from events where lesson = $1 and seq = $2",
          place,
        );
        const { body } = row as Row;
        const bytes = Buffer.from(body);
        // A digit stays a digit: still JSON, and an event.
        bytes[body.search(/\d\D*$/)]! ^= 1;
        await postgres.query("update events set body = $3 where lesson = $1 and seq = $2", [
          ...place,
          bytes.toString(),
        ]);
      },
      async remove(...place) {
        await postgres.query("delete from events where lesson = $1 and seq = $2", place);
      },
      async replace(...place) {
        const [found] = await postgres.query(
          "select at, body from events where lesson = $1 and seq = $2",
          place,
        );
        const row = { key: "another-key", at: Number(found.at) - 1, body: found.body };
        await postgres.query(
          "update events set key = $3, at = $4, crc = $5 where lesson = $1 and seq = $2",
          [...place, row.key, row.at, checksum(row)],
        );
      },
    };
    const store: Store = { open: () => PostgresLog.open(postgres.url()), damage };
    for (const { name, run } of contractOf(store)) test(name, () => run(store));
  });
