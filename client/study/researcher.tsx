export function ResearcherPage({ study }: { study: string }) {
  return <p>{study}</p>;
}
