import type { Response } from "express";
import type { HttpRefusal } from "../door/door.ts";

/** Answers a request with a refusal. */
export function refuse(response: Response, { status, refusal, headers = {} }: HttpRefusal): void {
  // Set already where sending a compressed file failed.
  response.removeHeader("Content-Encoding");
  response.status(status).set(headers).set("Cache-Control", "no-store").type("json");
  // Colyseus' client reads the reason from `error`.
  response.json(
    response.req.path.startsWith("/matchmake/") ? { ...refusal, error: refusal.reason } : refusal,
  );
}
