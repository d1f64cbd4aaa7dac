import { Client, type Room } from "colyseus.js";
import type { ServerAddress } from "../server/server.ts";
import { agenda, type LessonIndex, until } from "./agenda.ts";
import { counted, type Tally } from "./tally.ts";

/** Sends empty requests to a bare room, at the times of a lesson's agenda. */
export class BarePlayer {
  readonly #server: ServerAddress;
  readonly #place: LessonIndex;
  #room!: Room;

  constructor(server: ServerAddress, place: LessonIndex) {
    this.#server = server;
    this.#place = place;
  }

  async begin(): Promise<void> {
    const client = new Client(this.#server.address);
    this.#room = await client.joinOrCreate("bare", { index: this.#place.index });
    this.#room.reconnection.enabled = false;
  }

  async play(tally: Tally, begin: number, seconds: number): Promise<void> {
    for (const item of agenda(this.#place, seconds)) {
      const due = begin + item.due;
      await until(due);
      await counted(tally, "empty", due, this.#room.request("empty", {}));
    }
  }

  async leave(): Promise<void> {
    if (this.#room.connection.isOpen) await this.#room.leave();
  }
}
