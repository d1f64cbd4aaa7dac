import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ClassAnswers, ClassRequest } from "../../../shared/class/room.ts";
import { Refused } from "../../net/session.ts";
import type { ClassConnection } from "../connection.ts";

/** Milliseconds until something is asked again that is still being computed. */
const pause = 1000;

/**
 * What the class's room answers, asked again whenever `version` changes; the last answer stays until then.
 * @returns the answer, and why there is none, in words
 */
export function useAnswer<N extends "map" | "debrief">(
  connection: ClassConnection,
  name: N,
  version: number | string,
): { readonly answer: ClassAnswers[N] | null; readonly trouble: string | null } {
  const answer = useSignal<ClassAnswers[N] | null>(null);
  const trouble = useSignal<string | null>(null);
  useEffect(() => {
    let overtaken = false;
    const ask = async () => {
      while (!overtaken) {
        try {
          const found = await connection.ask(name, {} as ClassRequest<N>);
          if (overtaken) return;
          answer.value = found;
          trouble.value = null;
          return;
        } catch (error) {
          if (overtaken) return;
          if (error instanceof Refused) trouble.value = error.message;
          if (error instanceof Refused && error.code !== "busy") return;
          if (connection.failure.peek() !== null) return;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    };
    void ask();
    return () => {
      overtaken = true;
    };
  }, [connection, name, version, answer, trouble]);
  return { answer: answer.value, trouble: trouble.value };
}
