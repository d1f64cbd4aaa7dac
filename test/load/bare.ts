import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defineRoom, defineServer, Room, WebSocketTransport } from "colyseus";

// The baseline for the load on the real server: a Colyseus server whose rooms only answer empty requests.

class BareRoom extends Room {
  override messages = { empty: () => ({}) };
}

const http = createServer();
const server = defineServer({
  rooms: { bare: defineRoom(BareRoom).filterBy(["index"]) },
  transport: new WebSocketTransport({ server: http }),
  greet: false,
});
await server.listen(0);
console.log(`ready: http://localhost:${(http.address() as AddressInfo).port}`);
