import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { codeComplaint, codeLength, readCode } from "../../../shared/class/code.ts";
import { longestNickname } from "../../../shared/class/nickname.ts";
import type { PupilView } from "../../../shared/class/requests.ts";
import { Notice } from "../../ui/notice.tsx";
import { addressOf, type ClassAddress } from "../address.ts";
import { Asking } from "../asking.ts";
import { comeAnew, comingBy, keepComing, keepPupil } from "../kept.ts";

/** A code as people read it: in two halves. */
export function sayCode(code: string): string {
  return `${code.slice(0, codeLength / 2)} ${code.slice(codeLength / 2)}`;
}

/** Somebody comes into a class: six letters, and what they want to be called. */
export function Join({ code, go }: { code: string; go: (to: ClassAddress) => void }) {
  const typed = useSignal(readCode(code) ?? code);
  const isGiven = readCode(code) !== null;
  const nickname = useSignal("");
  const isSomebodyElse = useSignal(false);
  const asking = useMemo(() => new Asking(), []);
  useEffect(() => () => asking.close(), [asking]);
  useEffect(() => {
    // On their way while one still types.
    for (const part of [import("../pupil/pupil.tsx"), import("../../lesson/index.ts")])
      part.catch(() => {});
  }, []);
  const letters = useComputed(() => readCode(typed.value));
  const complaint = useComputed(() => codeComplaint(typed.value));
  const seat = letters.value && !isSomebodyElse.value ? comingBy(letters.value).seat : null;
  const come = async (event: Event) => {
    event.preventDefault();
    const code = letters.peek();
    if (code === null) return;
    const coming = comingBy(code);
    const who = coming.seat ? comeAnew(code) : coming;
    const body = { code, nickname: nickname.peek(), key: who.key };
    const view = await asking.ask<PupilView>("/api/classes/join", body);
    if (!view) return;
    const { pupil } = view;
    keepPupil(view.class, pupil, view.secret);
    keepComing(code, { ...who, seat: { class: view.class, pupil, nickname: view.nickname } });
    go({ page: "pupil", id: view.class, pupil });
  };
  return (
    <section class="door-part" aria-labelledby="join-title">
      <h2 id="join-title">{isGiven ? `Class ${sayCode(typed.value)}` : "Join a class"}</h2>
      {!isGiven && (
        <p class="field">
          <label for="code">The six letters on the big screen</label>
          <input
            id="code"
            class="code-input"
            autoComplete="off"
            autoCapitalize="characters"
            spellcheck={false}
            maxLength={20}
            value={typed.value}
            aria-describedby="code-complaint"
            onInput={({ currentTarget }) => {
              typed.value = currentTarget.value;
            }}
          />
          <span id="code-complaint" class="complaint" role="status">
            {complaint.value}
          </span>
        </p>
      )}
      {seat && (
        <p class="next">
          <a
            class="button primary"
            href={addressOf({ page: "pupil", id: seat.class, pupil: seat.pupil })}
          >
            Go on as <bdi>{seat.nickname}</bdi>
          </a>
          <button
            type="button"
            onClick={() => {
              isSomebodyElse.value = true;
            }}
          >
            I am somebody else
          </button>
        </p>
      )}
      {!seat && (
        <form onSubmit={come}>
          <p class="field">
            <label for="nickname">Your name in this class</label>
            <input
              id="nickname"
              autoComplete="off"
              maxLength={longestNickname}
              aria-describedby="nickname-hint"
              value={nickname.value}
              onInput={({ currentTarget }) => {
                nickname.value = currentTarget.value;
              }}
            />
          </p>
          <p class="quiet-text" id="nickname-hint">
            You can use any name. The class sees it on the big screen. The server keeps this name
            and what you do here, and nothing else about you.
          </p>
          <p class="next">
            <button
              type="submit"
              class="primary"
              disabled={asking.busy.value || letters.value === null || nickname.value.trim() === ""}
            >
              Join
            </button>
          </p>
        </form>
      )}
      {asking.trouble.value && <Notice>{asking.trouble.value}</Notice>}
    </section>
  );
}
