import { useReach } from "../net/base.ts";
import { QrCode } from "../ui/qr-code.tsx";
import { sayCode } from "./door/join.tsx";
import "./join-box.css";

/** How pupils come in: the address, six letters, and the two together as a QR code. */
export function JoinBox({ code, isLarge = false }: { code: string; isLarge?: boolean }) {
  const reach = useReach();
  const base = reach?.url ?? location.href;
  const door = new URL("class", base);
  return (
    <section class={isLarge ? "join-box large" : "join-box"} aria-label="How to join">
      <QrCode url={new URL(`class/${code}`, base).href} words="Scan it, or go to" />
      <p class="join-address">
        {door.host}
        {door.pathname}
      </p>
      <p class="join-code">
        <span class="hidden">and type the letters </span>
        {sayCode(code)}
      </p>
      {reach?.isOwn && <p class="join-own">No other device can open this address.</p>}
    </section>
  );
}
