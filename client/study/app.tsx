import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ParticipantPage } from "./participant.tsx";
import type { ResearcherPage } from "./researcher.tsx";
import { WhoPage } from "./who.tsx";

/** What the address says: which study, and who comes to it. */
interface Address {
  readonly study: string;
  readonly isResearcher: boolean;
  readonly participant: string | null;
  readonly panelStudy: string | null;
  readonly panelSession: string | null;
}

const address = signal(readAddress());
/** The researcher's page, which participants need not fetch. */
const researcherPage = signal<typeof ResearcherPage | null>(null);

function readAddress(): Address {
  const said = new URLSearchParams(location.search);
  return {
    study: said.get("study") ?? "",
    isResearcher: said.has("researcher"),
    participant: said.get("participant"),
    panelStudy: said.get("panel"),
    panelSession: said.get("session"),
  };
}

export function StudyApp() {
  const { study, isResearcher, participant, panelStudy, panelSession } = address.value;
  useEffect(() => {
    if (!isResearcher) return;
    void import("./researcher.tsx").then(({ ResearcherPage }) => {
      researcherPage.value = ResearcherPage;
    });
  }, [isResearcher]);
  if (isResearcher) {
    const Page = researcherPage.value;
    return Page && <Page study={study} />;
  }
  if (participant === null)
    return (
      <WhoPage
        choose={(id) => {
          const query = new URLSearchParams({ study, participant: id });
          history.replaceState(null, "", `?${query}`);
          address.value = readAddress();
        }}
      />
    );
  const entry = { study, participant, panelStudy, panelSession };
  return <ParticipantPage key={participant} entry={entry} />;
}
