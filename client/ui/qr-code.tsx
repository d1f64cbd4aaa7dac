import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import "./qr-code.css";

/** The link as a QR code, dark on light in both themes, as cameras want it. */
export function QrCode({ url, words }: { url: string; words: string }) {
  const drawn = useSignal<{ url: string; size: number; path: string } | null>(null);
  useEffect(() => {
    let overtaken = false;
    import("uqr").then(
      ({ encode }) => {
        if (overtaken) return;
        const { size, data } = encode(url, { border: 3 });
        const path = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")));
        drawn.value = { url, size, path: path.join("") };
      },
      () => {},
    );
    return () => {
      overtaken = true;
    };
  }, [url, drawn]);
  const code = drawn.value;
  if (code?.url !== url) return null;
  return (
    <figure class="qr">
      <svg viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label="QR code">
        <rect width={code.size} height={code.size} fill="#ffffff" />
        <path d={code.path} fill="#000000" shape-rendering="crispEdges" />
      </svg>
      <figcaption>{words}</figcaption>
    </figure>
  );
}
