import { type Signal, signal } from "@preact/signals";
import type { Key } from "../../../shared/worlds/steering.ts";
import type { Trail } from "../../drawing/trails.ts";
import { type Activity, nothing, type RewardMap, type View } from "../../stage/activity.ts";
import type { Controls } from "../../stage/controls.ts";

const directions: Readonly<Partial<Record<Key, readonly [number, number]>>> = {
  up: [0, 1],
  down: [0, -1],
  left: [-1, 0],
  right: [1, 0],
};

/** A map to look at, tile by tile: with the pointer, with a finger or with the arrow keys. */
export class MapView implements Activity {
  /** Index of the tile that is looked at; null while none is. */
  readonly tile: Signal<number | null> = signal(null);
  readonly #map: () => RewardMap;
  readonly #background: readonly Trail[];
  readonly #controls: Controls;

  /** @param map what to show; its tiles are always the same */
  constructor(map: () => RewardMap, background: readonly Trail[], controls: Controls) {
    this.#map = map;
    this.#background = background;
    this.#controls = controls;
  }

  enter(): void {
    const controls = this.#controls;
    controls.letGo();
    controls.onHover = controls.onPoint = (x, y) => {
      this.tile.value = this.#at(x, y) ?? this.tile.value;
    };
    controls.onPress = (key) => {
      const direction = directions[key];
      if (direction) this.tile.value = this.#next(direction);
    };
  }

  frame(): View {
    const map = this.#map();
    const { value } = this.tile;
    return {
      ...nothing,
      background: this.#background,
      map,
      cursor: value === null ? null : map.tiles[value]!,
    };
  }

  leave(): void {
    this.#controls.onHover = this.#controls.onPoint = this.#controls.onPress = () => {};
  }

  /** The tile under a point. */
  #at(x: number, y: number): number | null {
    const { tiles } = this.#map();
    let nearest: number | null = null;
    let least = Number.POSITIVE_INFINITY;
    tiles.forEach((tile, i) => {
      const away = Math.max(Math.abs(x - tile.x), Math.abs(y - tile.y));
      if (away <= tile.size / 2 && away < least) [nearest, least] = [i, away];
    });
    return nearest;
  }

  /** The nearest tile in a direction; the one in the middle where there was none before. */
  #next([dx, dy]: readonly [number, number]): number | null {
    const { tiles } = this.#map();
    const from = this.tile.value === null ? null : tiles[this.tile.value]!;
    if (!from) return Math.floor(tiles.length / 2);
    let nearest = this.tile.value;
    let least = Number.POSITIVE_INFINITY;
    tiles.forEach(({ x, y }, i) => {
      const along = (x - from.x) * dx + (y - from.y) * dy;
      const across = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
      const distance = along + 2 * across;
      if (along > 1e-6 && across <= along + 1e-6 && distance < least)
        [nearest, least] = [i, distance];
    });
    return nearest;
  }
}
