/** What is shown in place of a lesson that cannot be. */
export function Lost({ title = "No lesson here", reason }: { title?: string; reason: string }) {
  return (
    <main class="lost">
      <h1>{title}</h1>
      <p>{reason}</p>
      <p>
        <a class="button primary" href="./">
          Start a new one
        </a>
      </p>
    </main>
  );
}
