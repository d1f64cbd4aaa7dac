import { answerTo } from "./database.ts";

/** Nobody asks for what came between the first and the last, and all can be computed again. */
export async function keepPolicy(
  policies: IDBObjectStore,
  lesson: string,
  seq: number,
  json: string,
): Promise<void> {
  const earlier = IDBKeyRange.bound([lesson, 0], [lesson, seq], false, true);
  const [, ...between] = await answerTo(policies.getAllKeys(earlier));
  for (const key of between) policies.delete(key);
  policies.put(json, [lesson, seq]);
}
