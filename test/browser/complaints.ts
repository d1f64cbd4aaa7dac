import type { Page } from "playwright-core";

/** Whatever the page complains about from now on: errors that nobody caught, and what its console calls one. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return complaints;
}
