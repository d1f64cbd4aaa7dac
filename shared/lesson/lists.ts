/**
 * Changes of a lesson's lists. A list that came from elsewhere is copied before its first change, and the
 * copy is changed in place from then on: were it copied each time, answering and taking back twenty
 * thousand times would copy thousands of answers twenty thousand times.
 */
export class Lists {
  /** Copies that were made here, which nobody else has yet. */
  readonly #own = new WeakSet<object>();

  append<T>(list: readonly T[], item: T): readonly T[] {
    const own = this.#ownOf(list);
    own.push(item);
    return own;
  }

  dropLast<T>(list: readonly T[]): readonly T[] {
    const own = this.#ownOf(list);
    own.pop();
    return own;
  }

  /** @param list not empty */
  replaceLast<T>(list: readonly T[], item: T): readonly T[] {
    const own = this.#ownOf(list);
    own[own.length - 1] = item;
    return own;
  }

  #ownOf<T>(list: readonly T[]): T[] {
    if (this.#own.has(list)) return list as T[];
    const copy = list.slice();
    this.#own.add(copy);
    return copy;
  }
}
