import { CloseCode, ServerError } from "colyseus";
import { type Spend, Unreadable } from "../../shared/lesson/log.ts";
import type { Audience } from "../../shared/lesson/service/platform.ts";
import { unable } from "../../shared/lesson/service/refusals.ts";
import { LessonService } from "../../shared/lesson/service/service.ts";
import { Forgotten } from "../classes/classes.ts";
import { Membership } from "../classes/membership.ts";
import { Busy } from "../storage/decisions.ts";
import type { RoomParts } from "./lessonRoom.ts";
import type { OpenRoom } from "./rooms.ts";

/** A lesson's service, and its place in a class, if it is a pupil's of one. */
export interface Opened {
  readonly service: LessonService;
  readonly member: Membership | null;
}

const noLesson = new ServerError(404, "There is no lesson at this address.");

/** Opens a lesson for those who are in its room. @throws ServerError in words for whoever joins */
export async function openLesson(
  lesson: string,
  { classes, platform, reports }: RoomParts,
  audience: Audience & Pick<OpenRoom, "disconnect">,
  spend: Spend,
): Promise<Opened> {
  const failed = (error: unknown) => reports.failed("follow a class", error, lesson);
  const opened = await open().catch((error) => {
    if (error instanceof Forgotten) throw noLesson;
    if (error instanceof Busy) throw new ServerError(503, error.message);
    if (error instanceof Unreadable) throw new ServerError(410, error.message);
    // As with who joins: its own message is nobody's else.
    reports.failed("open", error, lesson);
    throw new ServerError(500, unable.reason);
  });
  if (!opened) throw noLesson;
  const sendAway = () => audience.disconnect(CloseCode.MAY_TRY_RECONNECT);
  opened.member?.begin(opened.service, spend, sendAway);
  return opened;

  async function open(): Promise<Opened | null> {
    const member = await Membership.of(lesson, classes, spend, failed);
    const service = await LessonService.open(lesson, platform, audience, spend, member);
    return service && { service, member };
  }
}
