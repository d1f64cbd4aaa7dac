import { signal } from "@preact/signals";
import type { ClassRequest } from "../../shared/class/room.ts";
import { Refused } from "../net/session.ts";
import type { ClassConnection } from "./connection.ts";
import { type Drive, driveOf } from "./wall/drive.ts";

type Asked = ClassRequest<"trace">;

/** Most requests under way, and milliseconds until one is made again that the server was too busy for. */
const mostUnderWay = 6;
const pause = 1000;

/** Drives of learners, each asked for once. */
export class Traces {
  /** By what was asked for; with the version that was asked for last. */
  readonly known = signal<
    ReadonlyMap<string, { readonly version: number; readonly drive: Drive | null }>
  >(new Map());
  readonly #queue: { readonly asked: Asked; readonly version: number }[] = [];
  #underWay = 0;
  readonly #connection: ClassConnection;

  constructor(connection: ClassConnection) {
    this.#connection = connection;
  }

  /** The drive, where it has come; one of an earlier version until the newer is here. To be asked for by {@link want}. */
  of(asked: Asked): Drive | null {
    return this.known.value.get(keyOf(asked))?.drive ?? null;
  }

  /** Sees to it that the drive comes. @param version changes when there is another; 0 where there is none */
  want(asked: Asked, version: number): void {
    const before = this.known.peek().get(keyOf(asked));
    if (version === 0 || before?.version === version) return;
    this.#keep(asked, version, before?.drive ?? null);
    this.#queue.push({ asked, version });
    this.#goOn();
  }

  #goOn(): void {
    while (this.#underWay < mostUnderWay) {
      const next = this.#queue.shift();
      if (!next) return;
      this.#underWay++;
      void this.#fetch(next.asked, next.version).finally(() => {
        this.#underWay--;
        this.#goOn();
      });
    }
  }

  async #fetch(asked: Asked, version: number): Promise<void> {
    const isWanted = () => this.known.peek().get(keyOf(asked))?.version === version;
    while (isWanted()) {
      const world = this.#connection.view.peek()?.world;
      try {
        const trace = await this.#connection.ask("trace", asked);
        if (isWanted() && world) this.#keep(asked, version, driveOf(world, trace));
        return;
      } catch (error) {
        // A line that dropped is joined again; what the server will never have is not asked for again.
        if (error instanceof Refused && error.code !== "busy") return;
        if (this.#connection.failure.peek() !== null) return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  #keep(asked: Asked, version: number, drive: Drive | null): void {
    this.known.value = new Map(this.known.peek()).set(keyOf(asked), { version, drive });
  }
}

const keyOf = (asked: Asked) => JSON.stringify(asked);
