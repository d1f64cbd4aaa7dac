import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Level } from "../../../shared/worlds/level.ts";
import { captionHeight, layOut } from "./layout.ts";
import { type ShownDrive, WallCanvas } from "./wall-canvas.ts";
import "./tiles.css";

export interface Tile {
  readonly key: string;
  readonly drives: readonly ShownDrive[];
  /** Beneath the picture. */
  readonly caption: ComponentChildren;
}

/** Small worlds beside each other, as large as the room for them allows, each with its words beneath. */
export function Tiles({
  level,
  tiles,
  choose,
}: {
  level: Level;
  tiles: readonly Tile[];
  /** Told which one was pressed; left out where nothing comes of it. */
  choose?: (key: string) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const wall = useRef<WallCanvas | null>(null);
  const size = useSignal({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = host.current!;
      const { width: before, height: old } = size.peek();
      if (width !== before || height !== old) size.value = { width, height };
    };
    measure();
    const resize = new ResizeObserver(measure);
    resize.observe(host.current!);
    return () => resize.disconnect();
  }, [size]);
  useEffect(() => {
    const shown = new WallCanvas(canvas.current!, level);
    wall.current = shown;
    const theme = new MutationObserver(() => shown.repaint());
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    let before = performance.now();
    let frame = requestAnimationFrame(function go(now) {
      shown.frame((now - before) / 1000);
      before = now;
      frame = requestAnimationFrame(go);
    });
    return () => {
      cancelAnimationFrame(frame);
      theme.disconnect();
      wall.current = null;
    };
  }, [level]);
  const { width, height } = size.value;
  const { left, right, bottom, top } = level.picture.bounds;
  const boxes = useMemo(
    () => layOut(tiles.length, width, height, (right - left) / (top - bottom)),
    [tiles.length, width, height, left, right, bottom, top],
  );
  useEffect(() => {
    wall.current?.show(tiles.slice(0, boxes.length), boxes, width, height);
  }, [tiles, boxes, width, height, level]);
  return (
    <div class="tiles" ref={host}>
      <canvas ref={canvas} />
      <ul aria-label="Learners">
        {boxes.map((box, i) => {
          const { key, caption } = tiles[i]!;
          const style = {
            left: `${box.x}px`,
            top: `${box.y}px`,
            width: `${box.width}px`,
            height: `${box.height + captionHeight}px`,
          };
          return (
            <li key={key} style={style} class="tile">
              {choose ? (
                <button type="button" onClick={() => choose(key)}>
                  <span class="tile-caption figures">{caption}</span>
                </button>
              ) : (
                <div class="tile-words">
                  <span class="tile-caption figures">{caption}</span>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
