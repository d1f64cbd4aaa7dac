import { spawnSync } from "node:child_process";
import { chmodSync, chownSync } from "node:fs";
import { join as joinPath } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onPath } from "../../../scripts/onPath.mjs";
import { demonstrate } from "../../../shared/imitation/rollout.ts";
import { road } from "../../../shared/worlds/road/levels.ts";
import { freePort } from "../ports.ts";
import { createLesson, end, eventsOf, join, launch, newKey, temporaryFolder } from "../server.ts";
import { postgresBin, RunningPostgres, unprivileged } from "../storage/runningPostgres.ts";
import { startSharing } from "./processes.ts";
import { RunningRedis, redisServer } from "./runningRedis.ts";

/** A certificate of this machine that it has signed itself, and its key; null where nothing here makes one. */
function selfSigned(): { readonly certificate: string; readonly key: string } | null {
  if (!onPath("openssl")) return null;
  const folder = temporaryFolder();
  const [certificate, key] = [joinPath(folder, "certificate.pem"), joinPath(folder, "key.pem")];
  const { status } = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", key, "-out", certificate, "-days", "2"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
  ]);
  if (status !== 0) return null;
  chmodSync(folder, 0o755);
  chmodSync(key, 0o600);
  const { uid, gid } = unprivileged();
  if (uid !== undefined) chownSync(key, uid, gid!);
  return { certificate, key };
}

const signed = selfSigned();
/** One that was built without TLS complains of its setting, before it does of the port. */
const hasTls =
  redisServer !== null &&
  !`${spawnSync(redisServer, ["--tls-replication", "no", "--port", "-1"]).stderr}`.includes(
    "tls-replication",
  );
const isPossible = signed !== null && postgresBin !== null && hasTls;
if (!isPossible)
  console.log(
    "NOT TESTED: TLS to the stores, for want of openssl, PostgreSQL or a Redis with TLS.",
  );

test("TLS to the stores is tried where it can be", () => {
  expect(isPossible || signed === null || postgresBin === null || !hasTls).toBe(true);
});

if (isPossible)
  describe("by TLS to both stores", () => {
    const { certificate, key } = signed;
    let redis: RunningRedis;
    let postgres: RunningPostgres;
    let env: Record<string, string>;
    beforeAll(async () => {
      const port = await freePort();
      redis = await RunningRedis.start(
        ...["--port", "0", "--tls-port", `${port}`, "--tls-auth-clients", "no"],
        ...[
          "--tls-cert-file",
          certificate,
          "--tls-key-file",
          key,
          "--tls-ca-cert-file",
          certificate,
        ],
      );
      postgres = await RunningPostgres.start(
        "ssl=on",
        `ssl_cert_file=${certificate}`,
        `ssl_key_file=${key}`,
      );
      const database = new URL(postgres.url());
      database.hostname = "localhost";
      database.search = "?sslmode=verify-full";
      env = { REDIS_URL: `rediss://localhost:${port}`, DATABASE_URL: `${database}` };
    });
    afterAll(() => Promise.all([redis.remove(), postgres.remove()]));

    test("lessons are kept and shared, and nothing goes in the clear", async () => {
      const trusting = { ...env, NODE_EXTRA_CA_CERTS: certificate };
      const sharing = await startSharing(1, env.REDIS_URL!, trusting);
      try {
        const teacher = await join(sharing.front, await createLesson(sharing.front, "road"));
        const episode = demonstrate(road, 6000);
        await teacher.room.request("demonstrate", { key: newKey(), episode });
        expect(await eventsOf(teacher)).toHaveLength(2);
        const lines = await postgres.query(
          "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'dagger-dojo'",
        );
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.every(({ ssl }) => ssl)).toBe(true);
      } finally {
        await sharing.stop();
      }
    });

    test("a certificate of nobody's, or of another name, is refused in a sentence", async () => {
      const say = async (more: Record<string, string>) => {
        const all = { ...env, PORT: "0", DATA_DIR: temporaryFolder(), PUBLIC_ADDRESS: "/at/1" };
        const { code, stderr } = await end(launch({ ...all, ...more }));
        expect(code).toBe(1);
        return stderr;
      };
      const trusted = { NODE_EXTRA_CA_CERTS: certificate };
      const elsewhere = (url: string) => url.replace("localhost", "127.0.0.1");
      const own = "self-signed certificate";
      const nobody = `its certificate is signed by nobody whom this machine trusts (${own}); NODE_EXTRA_CA_CERTS is the file of who else may sign`;
      expect(await say({})).toContain(`(DATABASE_URL): ${nobody}.\n`);
      expect(await say({ DATABASE_URL: "" })).toContain(`(REDIS_URL): ${nobody}.\n`);
      const other = "its certificate is not for this host.\n";
      const database = elsewhere(env.DATABASE_URL!);
      expect(await say({ ...trusted, DATABASE_URL: database })).toContain(`_URL): ${other}`);
      const redisUrl = elsewhere(env.REDIS_URL!);
      expect(await say({ ...trusted, REDIS_URL: redisUrl })).toContain(`(REDIS_URL): ${other}`);
    });
  });
