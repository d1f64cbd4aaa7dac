import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { defineRoom, defineServer, Room, WebSocketTransport } from "colyseus";

// What any Colyseus room costs: a server with nothing but rooms that answer an empty request with
// nothing. It is what the load on the real server is compared to.

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
