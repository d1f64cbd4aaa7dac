import { keepClassSecret, keepPupil } from "./kept.ts";

/** What the page's address says: which class, and as whom one comes to it. */
export type ClassAddress =
  | { readonly page: "door"; readonly code: string }
  | { readonly page: "pupil"; readonly id: string; readonly pupil: number }
  | { readonly page: "teacher" | "wall" | "debrief"; readonly id: string };

/**
 * Reads the address bar. A secret behind the #, which browsers send to nobody, is kept and taken out of it, so that
 * whoever copies the address from there gives away no more.
 */
export function readAddress(): ClassAddress {
  const said = new URLSearchParams(location.search);
  const id = said.get("class");
  if (id === null) return { page: "door", code: said.get("code") ?? "" };
  const pupil = Number(said.get("pupil"));
  const secret = location.hash.slice(1);
  if (secret !== "") {
    if (pupil > 0) keepPupil(id, pupil, secret);
    else if (said.has("teach")) keepClassSecret(id, secret);
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  if (pupil > 0) return { page: "pupil", id, pupil };
  const page = said.has("teach") ? "teacher" : said.has("debrief") ? "debrief" : "wall";
  return { page, id };
}

/** The address of a page of a class, with the secret behind the # where there is one. */
export function addressOf(to: ClassAddress, secret?: string): string {
  if (to.page === "door") return to.code ? `?code=${to.code}` : "class.html";
  const rest =
    to.page === "pupil" ? `pupil=${to.pupil}` : to.page === "teacher" ? "teach" : to.page;
  return `?class=${to.id}&${rest}${secret ? `#${secret}` : ""}`;
}
