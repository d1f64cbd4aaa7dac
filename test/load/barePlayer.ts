import { Client, type Room } from "colyseus.js";
import type { Served } from "../server/server.ts";
import { agenda, type Place, until } from "./agenda.ts";
import { counted, type Tally } from "./tally.ts";

/** Keeps the agenda of a lesson in a bare room, where there is nothing to do. */
export class BarePlayer {
  readonly #server: Served;
  readonly #place: Place;
  #room!: Room;

  constructor(server: Served, place: Place) {
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
