/** What is shown at an address where there is no lesson. */
export function Lost({ reason }: { reason: string }) {
  return (
    <main class="lost">
      <h1>No lesson here</h1>
      <p>{reason}</p>
      <p>
        <a class="button primary" href="/">
          Start a new one
        </a>
      </p>
    </main>
  );
}
