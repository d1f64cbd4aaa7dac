import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";

/** Stands before a PostgreSQL server, and cuts the line once a lesson is committed, before that is answered. */
export class UnansweredCommits {
  unanswered = 0;
  readonly url: string;
  readonly #server: Server;

  private constructor(url: string, server: Server) {
    this.url = url;
    this.#server = server;
  }

  static async before(url: string): Promise<UnansweredCommits> {
    const { hostname, port } = new URL(url);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const here = new URL(url);
    here.port = `${(server.address() as AddressInfo).port}`;
    const made = new UnansweredCommits(here.href, server);
    server.on("connection", (client) => {
      const database = connect(Number(port), hostname);
      let [hasLesson, isCommitted] = [false, false];
      client.on("data", (bytes) => {
        hasLesson ||= bytes.includes('insert into "lessons"');
        isCommitted ||= hasLesson && bytes.includes("commit\0");
        database.write(bytes);
      });
      database.on("data", (bytes) => {
        if (!isCommitted) client.write(bytes);
        else if (bytes.includes("COMMIT\0")) {
          made.unanswered++;
          client.destroy();
        }
      });
      for (const [one, other] of [
        [client, database],
        [database, client],
      ] as const) {
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
    return made;
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}
