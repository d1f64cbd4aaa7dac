import { ErrorCode, type MessageContext } from "colyseus";
import { isRefusal } from "../../shared/lesson/refusal.ts";
import { type Request, type RequestName, requests } from "../../shared/lesson/requests.ts";
import type { Answer, LessonService } from "../../shared/lesson/service/service.ts";
import type { LessonClient } from "../door/lessonClient.ts";
import type { Reports } from "../reports.ts";
import type { MessageRate } from "./messageRate.ts";

/** The parts of a room that answer a request. */
interface RequestContext {
  readonly service: LessonService;
  readonly rate: MessageRate;
  readonly reports: Reports;
}

type Handler<K extends RequestName> = (
  client: LessonClient,
  body: Request<K>,
  context: MessageContext,
) => Promise<Answer<K> | ReturnType<MessageContext["reject"]>>;

type Handlers = { readonly [K in RequestName]: Handler<K> };

/** Colyseus' handlers of all requests. @param requestContext called for each request, as a room has none before it is open */
export function messagesTo(requestContext: () => RequestContext) {
  const handler = <K extends RequestName>(name: K): Handler<K> => {
    return async (client, body, context) => {
      const { service, rate, reports } = requestContext();
      const began = performance.now();
      const answer =
        (await rate.refuse(client)) ?? (await service.ask(name, body, client.userData!));
      const refusal = isRefusal(answer) ? answer : null;
      reports.answered(service.id, name, refusal, performance.now() - began);
      return refusal ? context.reject(refusal) : (answer as Answer<K>);
    };
  };
  const names = Object.keys(requests) as RequestName[];
  return {
    ...(Object.fromEntries(names.map((name) => [name, handler(name)])) as unknown as Handlers),
    /** All other messages. Without this, Colyseus would disconnect the sender. */
    _: async (client: LessonClient) => {
      if (await requestContext().rate.refuse(client)) return;
      client.error(ErrorCode.INVALID_PAYLOAD, "There is no such request.");
    },
  };
}
