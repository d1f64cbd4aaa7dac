import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defineRoom, defineServer, Room, WebSocketTransport } from "colyseus";
import { ClassSchema, PupilSchema } from "../../server/classes/roomState.ts";

// A Colyseus server with a state of a class's size, which changes as often as a class's does, and does nothing else.

const pupils = Number(process.env.PUPILS);
const changesASecond = Number(process.env.CHANGES);

class BareState extends Room<{ state: InstanceType<typeof ClassSchema> }> {
  override state = new ClassSchema();
  override patchRate = 200;

  override onCreate() {
    for (let i = 0; i < pupils; i++)
      this.state.pupils.set(`${i}`, new PupilSchema({ number: i, place: i + 1 }));
    let n = 0;
    const change = () => {
      const one = this.state.pupils.get(`${n++ % pupils}`)!;
      one.labels++;
      one.corrections = (one.corrections + 1) % 12;
      if (one.corrections > 0) return;
      one.trained++;
      one.curve.push(one.labels, n / 10);
      one.score = n / 10;
      one.trace = n;
    };
    let owed = 0;
    setInterval(() => {
      owed += changesASecond / 20;
      for (; owed >= 1; owed--) change();
    }, 50);
  }
}

const http = createServer();
const server = defineServer({
  rooms: { bare: defineRoom(BareState) },
  transport: new WebSocketTransport({ server: http }),
  greet: false,
});
await server.listen(0);
console.log(`ready: http://localhost:${(http.address() as AddressInfo).port}`);
