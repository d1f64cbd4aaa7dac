/** Most bytes of an address's messages that wait before its sockets are paused: 64 of the largest. */
const mostOfAddress = 4 * 1024 * 1024;
/** Most bytes of all messages that wait before sockets are paused. */
const mostOfAll = 64 * 1024 * 1024;

/** Bytes of the messages that wait to be passed on, of each address and of all. */
export class HeldBytes {
  readonly #ofAddress = new Map<string, number>();
  #ofAll = 0;

  /** Whether more of the address's messages had better wait in the network. */
  isFull(address: string): boolean {
    return this.#ofAll > mostOfAll || (this.#ofAddress.get(address) ?? 0) > mostOfAddress;
  }

  /** @param bytes negative where they wait no longer */
  add(address: string, bytes: number): void {
    this.#ofAll += bytes;
    const sum = (this.#ofAddress.get(address) ?? 0) + bytes;
    if (sum > 0) this.#ofAddress.set(address, sum);
    else this.#ofAddress.delete(address);
  }
}
