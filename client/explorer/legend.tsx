import { shadeColour } from "../drawing/scale.ts";
import "../ui/ramp.css";
import { signed } from "./words.ts";

const stops = Array.from({ length: 13 }, (_, i) => shadeColour(i / 12));

export function Legend({ reward, words }: { reward: Float64Array; words: string }) {
  const least = Math.min(...reward);
  const most = Math.max(...reward);
  return (
    <figure class="legend">
      <div class="ramp" style={{ background: `linear-gradient(to right, ${stops.join(",")})` }} />
      <div class="ramp-numbers figures">
        <span>{signed(least)}</span>
        <span>{signed((least + most) / 2)}</span>
        <span>{signed(most)}</span>
      </div>
      <figcaption>{words}</figcaption>
    </figure>
  );
}
