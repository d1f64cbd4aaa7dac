import type { NewLesson } from "../../shared/lesson/events/created.ts";
import type { Begun } from "../../shared/lesson/protocol.ts";
import { post } from "./post.ts";
import { keepSecret } from "./secrets.ts";

/** Milliseconds to wait for the answer. */
const patience = 10_000;
/** The same for a file, which takes its time to send and to read. */
const filePatience = 120_000;

/**
 * Starts a lesson, keeps what lets one teach in it, and returns its address.
 * @throws NoAnswer where there is none to be had
 */
export async function createLesson(lesson: NewLesson): Promise<string> {
  const { id, secret } = await post<Begun>("/api/lessons", lesson, patience);
  keepSecret(id, secret);
  return id;
}

/** Starts a lesson of the events in a file, likewise. @throws NoAnswer where there is none to be had */
export async function beginFromFile(file: File): Promise<string> {
  const { id, secret } = await post<Begun>("/api/lessons/file", file, filePatience);
  keepSecret(id, secret);
  return id;
}
