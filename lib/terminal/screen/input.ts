/** A key by its name: a character as it stands, `enter`, `up`, `page-down`, `f1`, with `ctrl-`, `alt-`, `shift-` before it. */
export interface KeyInput {
  readonly kind: "key";
  readonly key: string;
}

/** What a mouse did, at a cell that counts from 0. */
export interface MouseInput {
  readonly kind: "mouse";
  readonly action: "press" | "release" | "drag" | "wheel-up" | "wheel-down";
  /** 0: left, 1: middle, 2: right. */
  readonly button: number;
  readonly column: number;
  readonly row: number;
}

/** A text that was pasted. */
export interface PasteInput {
  readonly kind: "paste";
  readonly text: string;
}

/** What somebody at the terminal did. */
export type Input = KeyInput | MouseInput | PasteInput;

const ESCAPE = 0x1b;
/** A pasted text is cut after so many characters. */
const MAX_PASTE = 65_536;
/** A sequence that is longer is not one. */
const MAX_SEQUENCE = 64;

/** The keys that a terminal sends as `CSI <letter>` or `SS3 <letter>`. */
const BY_LETTER: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  M: "enter",
};

/** The keys that a terminal sends as `CSI <number> ~`. */
const BY_NUMBER: Readonly<Record<number, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};

/** Single bytes that are keys with a name. */
const BY_BYTE: Readonly<Record<number, string>> = {
  0x00: "ctrl-space",
  0x08: "backspace",
  0x09: "tab",
  0x0a: "enter",
  0x0d: "enter",
  0x7f: "backspace",
};

/**
 * Reads what a terminal in raw mode sends: keys, the mouse in SGR form, pasted text in brackets. Sequences may come in any
 * pieces. One escape byte alone may be the key or a beginning: {@linkcode InputDecoder.flush} decides, some time later.
 */
export class InputDecoder {
  #bytes: number[] = [];
  #paste: number[] | undefined;

  /** Whether something is begun that the next bytes may end. */
  get isWaiting(): boolean {
    return this.#bytes.length > 0;
  }

  /** What some bytes mean. */
  push(bytes: Uint8Array): Input[] {
    for (const byte of bytes) this.#bytes.push(byte);
    return this.#take(false);
  }

  /** Nothing has followed for a while: what is there is all. */
  flush(): Input[] {
    return this.#take(true);
  }

  #take(isAll: boolean): Input[] {
    const inputs: Input[] = [];
    while (this.#bytes.length > 0) {
      const found = this.#paste === undefined ? next(this.#bytes, isAll) : this.#pasted(isAll);
      if (found === undefined) break;
      this.#bytes.splice(0, found.length);
      if (found.input === "paste") this.#paste = [];
      else if (found.input !== undefined) inputs.push(found.input);
    }
    return inputs;
  }

  /** Gathers a pasted text up to its end, `CSI 201 ~`. */
  #pasted(isAll: boolean): Found | undefined {
    const end = [ESCAPE, 0x5b, 0x32, 0x30, 0x31, 0x7e];
    const text = this.#paste!;
    const bytes = this.#bytes;
    for (let at = 0; at < bytes.length; at++) {
      const part = bytes.slice(at, at + end.length);
      if (bytes[at] !== ESCAPE || !part.every((byte, index) => byte === end[index])) {
        if (text.length < MAX_PASTE) text.push(bytes[at]);
        continue;
      }
      // The end may have begun: what stands before it is taken, and more bytes are waited for.
      if (part.length < end.length && !isAll) return at === 0 ? undefined : { length: at, input: undefined };
      this.#paste = undefined;
      const pasted = new TextDecoder().decode(new Uint8Array(text));
      return { length: at + part.length, input: { kind: "paste", text: pasted } };
    }
    return { length: bytes.length, input: undefined };
  }
}

interface Found {
  /** How many bytes it is. */
  readonly length: number;
  /** Undefined where it means nothing; `paste` where a pasted text begins. */
  readonly input: Input | "paste" | undefined;
}

/** The first thing in some bytes; undefined where more are needed. */
function next(bytes: readonly number[], isAll: boolean): Found | undefined {
  const [first] = bytes;
  if (first !== ESCAPE) return plain(bytes, isAll);
  if (bytes.length === 1) return isAll ? { length: 1, input: key("escape") } : undefined;
  if (bytes[1] === 0x5b) return sequence(bytes, isAll);
  if (bytes[1] === 0x4f) { // SS3
    if (bytes.length < 3) return isAll ? { length: 2, input: key("alt-O") } : undefined;
    const name = BY_LETTER[String.fromCharCode(bytes[2])];
    return { length: 3, input: name === undefined ? undefined : key(name) };
  }
  if (bytes[1] === ESCAPE) return { length: 1, input: key("escape") };
  const behind = plain(bytes.slice(1), isAll);
  if (behind === undefined || behind.input === undefined || behind.input === "paste") return behind;
  const input = behind.input as KeyInput;
  return { length: behind.length + 1, input: key(`alt-${input.key}`) };
}

/** A byte that is a key, or a character of UTF-8. */
function plain(bytes: readonly number[], isAll: boolean): Found | undefined {
  const [first] = bytes;
  const name = BY_BYTE[first];
  if (name !== undefined) return { length: 1, input: key(name) };
  if (first < 0x1b) return { length: 1, input: key(`ctrl-${String.fromCharCode(first + 0x60)}`) };
  if (first < 0x20) return { length: 1, input: key(`ctrl-${String.fromCharCode(first + 0x40)}`) };
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  if (bytes.length < length && !isAll) return undefined;
  const text = new TextDecoder().decode(new Uint8Array(bytes.slice(0, length)));
  if (text.includes("\ufffd")) return { length: 1, input: undefined };
  return { length, input: key(text) };
}

/** A sequence that begins with CSI. */
function sequence(bytes: readonly number[], isAll: boolean): Found | undefined {
  let end = 2;
  while (end < bytes.length && end < MAX_SEQUENCE && bytes[end] >= 0x20 && bytes[end] < 0x40) end++;
  if (end >= bytes.length && end < MAX_SEQUENCE) return isAll ? { length: bytes.length, input: undefined } : undefined;
  const body = String.fromCharCode(...bytes.slice(2, end));
  const final = String.fromCharCode(bytes[end]);
  return { length: end + 1, input: meaning(body, final) };
}

function meaning(body: string, final: string): Input | "paste" | undefined {
  if (body.startsWith("<") && (final === "M" || final === "m")) return mouse(body.slice(1), final === "m");
  const [number = 1, modifiers = 1] = body.split(";").map(Number);
  if (final === "Z") return key("shift-tab");
  if (final === "~" && number === 200) return "paste";
  const name = final === "~" ? BY_NUMBER[number] : BY_LETTER[final];
  return name === undefined ? undefined : key(prefixOf(modifiers) + name);
}

/** As xterm numbers them: 1 and the sum of 1 for shift, 2 for alt, 4 for control. */
function prefixOf(modifiers: number): string {
  const bits = Number.isInteger(modifiers) ? modifiers - 1 : 0;
  return `${bits & 4 ? "ctrl-" : ""}${bits & 2 ? "alt-" : ""}${bits & 1 ? "shift-" : ""}`;
}

function mouse(body: string, isRelease: boolean): Input | undefined {
  const [code, x, y] = body.split(";").map(Number);
  if (![code, x, y].every(Number.isInteger) || x < 1 || y < 1) return undefined;
  const at = { kind: "mouse", button: code & 3, column: x - 1, row: y - 1 } as const;
  if (code & 64) return (code & 3) > 1 ? undefined : { ...at, action: code & 1 ? "wheel-down" : "wheel-up", button: 0 };
  return { ...at, action: isRelease ? "release" : code & 32 ? "drag" : "press" };
}

function key(name: string): KeyInput {
  return { kind: "key", key: name };
}
