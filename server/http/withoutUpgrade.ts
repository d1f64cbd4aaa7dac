import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { hangUp, no, reads } from "../door/door.ts";

/**
 * Answers a request that would rather go on in another protocol, which HTTP lets a server ignore.
 * Node has let go of the line, so that this is the last answer on it.
 */
export function answerPlainly(http: Server, request: IncomingMessage, socket: Socket): void {
  // A line on which an earlier answer is still under way cannot take another beside it.
  if ((socket as Socket & { _httpMessage?: unknown })._httpMessage) {
    socket.destroy();
    return;
  }
  if (!reads(request)) {
    hangUp(socket, no(400, "malformed", "There is no other protocol here than websockets."));
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => socket.destroySoon());
  http.emit("request", request, response);
}
