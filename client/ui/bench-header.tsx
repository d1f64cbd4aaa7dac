import { ThemeButton } from "./theme.tsx";

/** What is above a page of its own beside the lessons: the way back to them, and the theme. */
export function BenchHeader() {
  return (
    <header>
      <p class="brand">
        <a href="./">DAgger Dojo</a>
      </p>
      <ThemeButton />
    </header>
  );
}
