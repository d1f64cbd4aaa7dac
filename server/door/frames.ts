/**
 * Checks a client's websocket message as bytes, before Colyseus decodes it. Colyseus decodes before it
 * checks the sender or the rate, and its decoder accepts more than MessagePack: values that refer to each
 * other, so that a few hundred bytes stand for a tree too large to walk. This check builds no values and
 * reads each byte once.
 */

/** First bytes of those of Colyseus' messages that the page sends. */
const Code = { join: 10, leave: 12, data: 13, bytes: 17, ping: 18, request: 21 } as const;

/** Most values in a message: an episode has two for each step, and few more. */
const mostValues = 8192;
/** Most entries of all maps of a message: a request has about ten. */
const mostEntries = 64;
/** Deepest nesting of values: an action of an episode is three deep. */
const deepest = 8;
/** Longest name of a request, bytes. */
const longestName = 64;

/** A valid message. */
export interface Frame {
  /** The request's name; null in messages that are not requests. */
  readonly name: string | null;
}

/** An invalid message. */
export interface BadFrame {
  /** Why, as a sentence for the sender. */
  readonly reason: string;
  /** Number of the request, under which its sender waits for the answer; null where there is none. */
  readonly request: number | null;
}

/** Checks one message of a client. */
export function frameOf(bytes: Uint8Array): Frame | BadFrame {
  const reader = new Reader(bytes);
  let request: number | null = null;
  try {
    const code = reader.byte();
    switch (code) {
      case Code.join:
      case Code.leave:
      case Code.ping:
        return { name: null };
      case Code.request:
        request = reader.number();
        break;
      case Code.data:
      case Code.bytes:
        break;
      default:
        return { reason: "There is no such message.", request };
    }
    const name = reader.name();
    if (code !== Code.bytes && !reader.isAtEnd) reader.value();
    return { name };
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    return { reason: error.message, request };
  }
}

export function isBad(frame: Frame | BadFrame): frame is BadFrame {
  return "reason" in frame;
}

/** Thrown with the reason why a message is invalid. */
class InvalidMessage extends Error {}

const brokenOff = () => new InvalidMessage("The message breaks off.");
const tooManyEntries = () => new InvalidMessage("The message has too many entries.");
const keyOfNoText = () => new InvalidMessage("The message has a key that is no text.");

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Ids of the records whose keys have been read. */
  readonly #records = new Set<number>();
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#at++]!;
  }

  /** A number in Colyseus' own encoding, of the kinds that number requests. */
  number(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    if (first === 0xcc) return this.#whole(1, true);
    if (first === 0xcd) return this.#whole(2, true);
    if (first === 0xce) return this.#whole(4, true);
    throw new InvalidMessage("The request has no number.");
  }

  /** A text in Colyseus' own encoding. */
  name(): string {
    const first = this.byte();
    let length: number;
    if (first >= 0xa0 && first < 0xc0) length = first & 0x1f;
    else if (first === 0xd9) length = this.#whole(1, true);
    else throw new InvalidMessage("The message has no name.");
    if (length === 0) throw new InvalidMessage("The message has no name.");
    if (length > longestName) throw new InvalidMessage("The message's name is too long.");
    this.#need(length);
    const name = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return Buffer.from(name.buffer, name.byteOffset, name.length).toString();
  }

  /** One MessagePack value, which has to fill the rest of the message. */
  value(): void {
    /** Open arrays and maps, with the number of values still to come in each, keys included. */
    const open = [{ left: 1, hasKeys: false }];
    let values = 0;
    let entries = 0;
    for (let inner = open.at(-1); inner; inner = open.at(-1)) {
      if (inner.left === 0) {
        open.pop();
        continue;
      }
      if (++values > mostValues) throw new InvalidMessage("The message has too many values.");
      const isKey = inner.hasKeys && inner.left % 2 === 0;
      inner.left--;
      const { kind, parts } = this.#token();
      if (isKey && kind !== "text") throw keyOfNoText();
      if (kind === "map" || kind === "record") entries += parts + 1;
      if (entries > mostEntries) throw tooManyEntries();
      if (parts === 0) continue;
      if (open.length >= deepest) throw new InvalidMessage("The message is too deep.");
      if (parts > this.#bytes.length - this.#at) throw brokenOff();
      const hasKeys = kind === "map";
      open.push({ left: hasKeys ? 2 * parts : parts, hasKeys });
    }
    if (!this.isAtEnd) throw new InvalidMessage("The message goes on past its end.");
  }

  /** Reads a value's header, or all of a value without parts. */
  #token(): Token {
    const first = this.byte();
    // A number, unless it is a record's id: then it is another record with the same keys, which is not sent here.
    if (this.#records.has(first)) throw noSuchValue();
    if (first < 0x80 || first >= 0xe0) return scalar;
    if (first < 0x90) return map(first & 0x0f);
    if (first < 0xa0) return array(first & 0x0f);
    if (first < 0xc0) return this.#text(first & 0x1f);
    switch (first) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return scalar;
      case 0xca: // float 32
      case 0xce: // uint 32
      case 0xd2: // int 32
        return this.#skip(4);
      case 0xcb: // float 64
        return this.#skip(8);
      case 0xcc: // uint 8
      case 0xd0: // int 8
        return this.#skip(1);
      case 0xcd: // uint 16
      case 0xd1: // int 16
        return this.#skip(2);
      case 0xd9: // text
        return this.#text(this.#whole(1));
      case 0xda:
        return this.#text(this.#whole(2));
      case 0xdb:
        return this.#text(this.#whole(4));
      case 0xdc: // array
        return array(this.#whole(2));
      case 0xdd:
        return array(this.#whole(4));
      case 0xde: // map
        return map(this.#whole(2));
      case 0xdf:
        return map(this.#whole(4));
      case 0xd4: // extension of one byte
        return this.#extension();
      default:
        throw noSuchValue();
    }
  }

  /** The extensions sent here are `undefined` and records, which are maps with all their keys first. */
  #extension(): Token {
    const type = this.byte();
    const id = this.byte();
    if (type === 0 && id === 0) return scalar;
    if (type !== 0x72 || id < 0x40 || id > 0x7f) throw noSuchValue();
    const keys = this.#token();
    if (keys.kind !== "array") throw noSuchValue();
    if (keys.parts > mostEntries) throw tooManyEntries();
    for (let i = 0; i < keys.parts; i++) if (this.#token().kind !== "text") throw keyOfNoText();
    this.#records.add(id);
    return { kind: "record", parts: keys.parts };
  }

  #skip(length: number): Token {
    this.#need(length);
    this.#at += length;
    return scalar;
  }

  #text(length: number): Token {
    this.#skip(length);
    return text;
  }

  #need(length: number): void {
    if (length > this.#bytes.length - this.#at) throw brokenOff();
  }

  /** An unsigned whole number. */
  #whole(length: 1 | 2 | 4, littleEndian = false): number {
    this.#need(length);
    const at = this.#at;
    this.#at += length;
    if (length === 1) return this.#view.getUint8(at);
    return length === 2
      ? this.#view.getUint16(at, littleEndian)
      : this.#view.getUint32(at, littleEndian);
  }
}

/** A value's header. */
interface Token {
  /** A record is a map whose keys come first, all together. */
  readonly kind: "scalar" | "text" | "array" | "map" | "record";
  /** Number of values in it that follow; a map has as many keys too. */
  readonly parts: number;
}

const scalar: Token = { kind: "scalar", parts: 0 };
const text: Token = { kind: "text", parts: 0 };
const map = (parts: number): Token => ({ kind: "map", parts });
const array = (parts: number): Token => ({ kind: "array", parts });
const noSuchValue = () =>
  new InvalidMessage("The message has a value of a kind that is not sent here.");
