const key = "dagger-dojo.last-lesson";

/** The lesson that was open last in this browser; null where there is none, or none may be remembered. */
export function lastLesson(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function rememberLesson(id: string): void {
  try {
    localStorage.setItem(key, id);
  } catch {
    // A browser that keeps nothing still has the address in its address bar.
  }
}
