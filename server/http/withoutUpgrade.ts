import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { httpRefusal, isRead, refuseAndClose } from "../door/door.ts";

/**
 * Answers a request that asks to upgrade to another protocol, which HTTP allows a server to ignore. Node
 * has released the socket, so this is the last answer on it.
 */
export function answerWithoutUpgrade(http: Server, request: IncomingMessage, socket: Socket): void {
  // An earlier answer is still being written to this socket.
  if ((socket as Socket & { _httpMessage?: unknown })._httpMessage) {
    socket.destroy();
    return;
  }
  if (!isRead(request)) {
    refuseAndClose(
      socket,
      httpRefusal(400, "malformed", "There is no other protocol here than websockets."),
    );
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => socket.destroySoon());
  http.emit("request", request, response);
}
