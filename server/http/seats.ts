import { matchMaker, ServerError } from "colyseus";
import express, { Router } from "express";
import { entry } from "../../shared/lesson/protocol.ts";
import type { ClassRoutes } from "../classes/routes.ts";
import { type Door, type HttpRefusal, httpRefusal } from "../door/door.ts";
import type { Reports } from "../reports.ts";
import type { JoinRequest, RoomName, Rooms } from "../rooms/rooms.ts";
import { Busy } from "../storage/decisions.ts";
import type { SqlLog } from "../storage/sqlLog.ts";
import { refuse } from "./refuse.ts";

/** Largest request body, bytes. */
const largestBody = 2048;

/** Who comes in, and where. */
export type Entrance = Pick<JoinRequest, "id" | "owner" | "pupil">;

export interface SeatParts {
  readonly door: Door;
  readonly log: SqlLog;
  readonly rooms: Rooms;
  readonly reports: Reports;
  readonly classes: Pick<ClassRoutes, "entrance">;
}

/** The routes of Colyseus that pages use, one for each kind of room; the others are not reachable. */
export function seatRoutes({ door, log, rooms, reports, classes }: SeatParts): Router {
  const routes = Router({ caseSensitive: true, strict: true });
  const body = express.json({ limit: largestBody, inflate: false });
  const route = (room: RoomName, entrance: (body: unknown, address: string) => Promise<Entrance>) =>
    routes.post(`/matchmake/joinOrCreate/${room}`, body, async (request, response) => {
      try {
        if (matchMaker.state === matchMaker.MatchMakerState.SHUTTING_DOWN) throw stopping;
        const address = door.addressOf(request);
        const who = await entrance(request.body ?? {}, address);
        const seat = await rooms.seat({ room, ...who, address });
        // Browsers take whole addresses only.
        const { publicAddress: path } = seat;
        response.json(path ? { ...seat, publicAddress: `${door.hostOf(request)}${path}` } : seat);
      } catch (error) {
        const refusal = joinRefusal(error);
        if (refusal.status === 500) reports.failed("matchmake", error);
        else reports.refused(refusal.refusal.code, refusal.status, door.addressOf(request));
        refuse(response, refusal);
      }
    });
  route("lesson", async (body) => {
    const asked = entry.safeParse(body);
    if (!asked.success) throw new ServerError(400, "This is not the address of a lesson.");
    const { lesson, secret } = asked.data;
    return { id: lesson, owner: await log.isOwner(lesson, secret), pupil: null };
  });
  route("class", (body, address) => classes.entrance(body, address));
  return routes;
}

const stopping = new ServerError(503, "The server is about to restart; try again in a moment.");
export const internalError = httpRefusal(500, "failed", "The server could not do this.");

/** Only messages of ServerError are for the client; Colyseus would send those of any error. */
function joinRefusal(error: unknown): HttpRefusal {
  const { code, message } = error as ServerError;
  if (error instanceof Busy) return httpRefusal(503, "busy", message, { "Retry-After": "2" });
  if (!(error instanceof ServerError)) return internalError;
  if (code === 403) return httpRefusal(code, "not-yours", message);
  if (code === 400 || code === 404) return httpRefusal(code, "malformed", message);
  if (code === 410) return httpRefusal(code, "damaged", message);
  if (code === 429) return httpRefusal(code, "too-many", message, { "Retry-After": "2" });
  return code === 503
    ? httpRefusal(code, "too-many", message, { "Retry-After": "10" })
    : internalError;
}
