/** How a field is encoded. */
export const VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5;

/** Bytes that are not a message. */
export class ProtobufError extends Error {
  override name = "ProtobufError";
}

const decoder = new TextDecoder();

/** The characters of one byte. */
const ASCII: readonly string[] = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/**
 * Goes through the fields of a protobuf message, without making anything of those that nobody asks for:
 * `while (message.next()) switch (message.field) { case 1: … message.text() }`. A field that is not read is passed over.
 */
export class Message {
  /** The number of the field, and how it is encoded. */
  field = 0;
  wire = 0;
  #at: number;
  readonly #end: number;
  /** Where the value begins; it ends where the next field begins. */
  #start = 0;
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array, start = 0, end: number = bytes.length, view?: DataView) {
    this.#at = start;
    this.#end = end;
    this.#view = view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Goes to the next field; false at the end. Throws `ProtobufError` where there is no field. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.wire = tag & 7;
    if (this.field === 0) throw new ProtobufError("a field has the number 0");
    this.#start = this.#at;
    switch (this.wire) {
      case VARINT:
        while (this.bytes[this.#at++] >= 128) {
          if (this.#at - this.#start >= 10) throw new ProtobufError("a number is too long");
        }
        break;
      case FIXED64:
        this.#at += 8;
        break;
      case FIXED32:
        this.#at += 4;
        break;
      case BYTES: {
        const length = this.#varint();
        this.#start = this.#at;
        this.#at += length;
        break;
      }
      default:
        throw new ProtobufError(`a field has the wire type ${this.wire}`);
    }
    if (this.#at > this.#end) throw new ProtobufError("a field reaches beyond the end of its message");
    return true;
  }

  /** A number of 64 bits with a sign; beyond 2^53 it is the nearest double. */
  integer(): number {
    if (this.wire === VARINT && this.#at - this.#start <= 7) return this.#shortVarint();
    return Number(BigInt.asIntN(64, this.#big()));
  }

  /** The same, exactly. */
  bigint(): bigint {
    return BigInt.asIntN(64, this.#big());
  }

  /** An integer whose sign is in its lowest bit (`sint64`). */
  signed(): bigint {
    const value = this.#big();
    return value & 1n ? -(value >> 1n) - 1n : value >> 1n;
  }

  /** The same without a sign. */
  unsigned(): bigint {
    return this.#big();
  }

  boolean(): boolean {
    return this.integer() !== 0;
  }

  double(): number {
    return this.#is(FIXED64) ? this.#view.getFloat64(this.#start, true) : 0;
  }

  float(): number {
    return this.#is(FIXED32) ? this.#view.getFloat32(this.#start, true) : 0;
  }

  /** The bytes of the value, not copied. */
  slice(): Uint8Array {
    return this.#is(BYTES) ? this.bytes.subarray(this.#start, this.#at) : new Uint8Array();
  }

  text(): string {
    const length = this.#at - this.#start;
    if (!this.#is(BYTES)) return "";
    if (length > 64) return decoder.decode(this.bytes.subarray(this.#start, this.#at));
    return knownText(this.bytes, this.#start, this.#at);
  }

  /** A text that hardly comes twice, such as a number: no short texts are remembered for it. */
  freshText(): string {
    const { bytes } = this;
    const end = this.#at;
    if (!this.#is(BYTES) || end - this.#start > 64) return this.text();
    let text = "";
    for (let at = this.#start; at < end; at++) {
      const byte = bytes[at];
      if (byte >= 128) return decoder.decode(bytes.subarray(this.#start, end));
      text += ASCII[byte];
    }
    return text;
  }

  message(): Message {
    return this.#is(BYTES) ? new Message(this.bytes, this.#start, this.#at, this.#view) : new Message(new Uint8Array());
  }

  /** Adds the numbers of a repeated field, packed or not. */
  addTo(list: number[], type: "double" | "float" | "integer"): void {
    if (this.wire !== BYTES) {
      list.push(type === "double" ? this.double() : type === "float" ? this.float() : this.integer());
      return;
    }
    if (type === "integer") {
      const inner = new Message(this.bytes, this.#start, this.#at, this.#view);
      inner.wire = VARINT;
      while (inner.#at < inner.#end) list.push(inner.#packed());
      return;
    }
    const size = type === "double" ? 8 : 4;
    for (let at = this.#start; at + size <= this.#at; at += size) {
      list.push(size === 8 ? this.#view.getFloat64(at, true) : this.#view.getFloat32(at, true));
    }
  }

  #packed(): number {
    this.#start = this.#at;
    while (this.#at < this.#end && this.bytes[this.#at] >= 128) this.#at++;
    this.#at++;
    if (this.#at > this.#end) throw new ProtobufError("a number reaches beyond the end of its list");
    return this.integer();
  }

  #is(wire: number): boolean {
    return this.wire === wire;
  }

  #shortVarint(): number {
    let value = 0;
    let scale = 1;
    for (let at = this.#start; at < this.#at; at++, scale *= 128) value += (this.bytes[at] & 127) * scale;
    return value;
  }

  #big(): bigint {
    if (this.wire === FIXED64) return this.#view.getBigUint64(this.#start, true);
    if (this.wire === FIXED32) return BigInt(this.#view.getUint32(this.#start, true));
    if (this.wire !== VARINT) return 0n;
    let value = 0n;
    for (let at = this.#at - 1; at >= this.#start; at--) value = value << 7n | BigInt(this.bytes[at] & 127);
    return BigInt.asUintN(64, value);
  }

  /** A tag or a length. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count++, scale *= 128) {
      if (this.#at >= this.#end) throw new ProtobufError("a message ends within a field");
      const byte = this.bytes[this.#at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new ProtobufError("a length is too long");
  }
}

/** A text of at most 64 bytes, such as a name: the same few come again and again. */
export function knownText(bytes: Uint8Array, start: number, end: number): string {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]) | 0;
  const slot = hash & 1023;
  const known = texts[slot];
  if (known !== undefined && equals(known.bytes, bytes, start, end)) return known.text;
  const own = bytes.slice(start, end);
  const text = decoder.decode(own);
  texts[slot] = { bytes: own, text };
  return text;
}

const texts: ({ readonly bytes: Uint8Array; readonly text: string } | undefined)[] = new Array(1024).fill(undefined);

function equals(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
