/** A font, as far as drawing it takes: the outlines of its letters (TrueType's tables, as the OpenType specification has them). */
export class Font {
  readonly #data: DataView;
  readonly #tables = new Map<string, number>();
  readonly #glyphOf: (code: number) => number;
  readonly #widths: number;
  readonly #isLong: boolean;
  /** How many units a letter's square has. */
  readonly unitsPerEm: number;

  constructor(bytes: Uint8Array) {
    const data = this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 12, count = data.getUint16(4); count > 0; count--, at += 16) {
      const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
      this.#tables.set(tag, data.getUint32(at + 8));
    }
    this.unitsPerEm = data.getUint16(this.#table("head") + 18);
    this.#isLong = data.getInt16(this.#table("head") + 50) === 1;
    this.#widths = data.getUint16(this.#table("hhea") + 34);
    this.#glyphOf = characterMap(data, this.#table("cmap"));
  }

  #table(tag: string): number {
    const at = this.#tables.get(tag);
    if (at === undefined) throw new TypeError(`the font has no table "${tag}"`);
    return at;
  }

  /** The number of the glyph of a character; 0, a box, if the font has none. */
  glyph(character: string): number {
    return this.#glyphOf(character.codePointAt(0)!);
  }

  /** How far the next letter stands from this one, in units. */
  advance(glyph: number): number {
    return this.#data.getUint16(this.#table("hmtx") + Math.min(glyph, this.#widths - 1) * 4);
  }

  /** The closed lines of a glyph: x and y in units, y upwards, with curves as short straight pieces. */
  outline(glyph: number, depth = 0): number[][] {
    const [from, to] = [this.#offset(glyph), this.#offset(glyph + 1)];
    if (from === to || depth > 5) return [];
    const at = this.#table("glyf") + from;
    const contours = this.#data.getInt16(at);
    return contours >= 0 ? this.#simple(at, contours) : this.#composite(at + 10, depth);
  }

  #offset(glyph: number): number {
    const loca = this.#table("loca");
    return this.#isLong ? this.#data.getUint32(loca + glyph * 4) : this.#data.getUint16(loca + glyph * 2) * 2;
  }

  #simple(start: number, contours: number): number[][] {
    const data = this.#data;
    const ends = Array.from({ length: contours }, (_, at) => data.getUint16(start + 10 + at * 2));
    const count = (ends.at(-1) ?? -1) + 1;
    let at = start + 10 + contours * 2;
    at += 2 + data.getUint16(at); // Instructions for hinting.
    const flags = new Uint8Array(count);
    for (let point = 0; point < count;) {
      const flag = data.getUint8(at++);
      const repeated = (flag & 8) === 0 ? 0 : data.getUint8(at++);
      for (let time = 0; time <= repeated; time++) flags[point++] = flag;
    }
    const read = (short: number, same: number): number[] => {
      let value = 0;
      return Array.from(flags, (flag) => {
        if ((flag & short) !== 0) value += (flag & same) !== 0 ? data.getUint8(at++) : -data.getUint8(at++);
        else if ((flag & same) === 0) {
          value += data.getInt16(at);
          at += 2;
        }
        return value;
      });
    };
    const xs = read(2, 16);
    const ys = read(4, 32);
    return ends.map((end, index) => {
      const first = index === 0 ? 0 : ends[index - 1] + 1;
      return flattened(xs.slice(first, end + 1), ys.slice(first, end + 1), flags.subarray(first, end + 1));
    });
  }

  /** A glyph that is put together of others, such as a letter with its accent. */
  #composite(start: number, depth: number): number[][] {
    const data = this.#data;
    const outlines: number[][] = [];
    let at = start;
    let flags: number;
    do {
      flags = data.getUint16(at);
      const glyph = data.getUint16(at + 2);
      at += 4;
      const isWide = (flags & 1) !== 0;
      const [dx, dy] = isWide ? [data.getInt16(at), data.getInt16(at + 2)] : [data.getInt8(at), data.getInt8(at + 1)];
      at += isWide ? 4 : 2;
      const parts = (flags & 8) !== 0 ? 1 : (flags & 64) !== 0 ? 2 : (flags & 128) !== 0 ? 4 : 0;
      const scales = Array.from({ length: parts }, (_, part) => data.getInt16(at + part * 2) / 16384);
      at += parts * 2;
      const [a, b, c, d] = parts === 4
        ? scales
        : parts === 2
        ? [scales[0], 0, 0, scales[1]]
        : [scales[0] ?? 1, 0, 0, scales[0] ?? 1];
      for (const line of this.outline(glyph, depth + 1)) {
        const moved: number[] = [];
        for (let i = 0; i < line.length; i += 2) {
          moved.push(a * line[i] + c * line[i + 1] + dx, b * line[i] + d * line[i + 1] + dy);
        }
        outlines.push(moved);
      }
    } while ((flags & 32) !== 0);
    return outlines;
  }
}

/** How many straight pieces a curve of a letter becomes. */
const PIECES = 6;

/** A contour of points on the line and of control points of quadratic curves, of which two in a row have a point between them. */
function flattened(xs: readonly number[], ys: readonly number[], flags: Uint8Array): number[] {
  const count = xs.length;
  const line: number[] = [];
  if (count < 2) return line;
  const isOn = (at: number) => (flags[at % count] & 1) !== 0;
  const middle = (a: number, b: number): [number, number] => [(xs[a] + xs[b]) / 2, (ys[a] + ys[b]) / 2];
  const first = Array.from({ length: count }, (_, at) => at).find(isOn);
  const from = first ?? 0;
  let [x, y] = first === undefined ? middle(count - 1, 0) : [xs[from], ys[from]];
  line.push(x, y);
  for (let step = first === undefined ? 0 : 1; step <= (first === undefined ? count - 1 : count); step++) {
    const at = (from + step) % count;
    if (isOn(at)) {
      [x, y] = [xs[at], ys[at]];
      line.push(x, y);
      continue;
    }
    const next = (at + 1) % count;
    const [endX, endY] = isOn(next) ? [xs[next], ys[next]] : middle(at, next);
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
      line.push(a * x + b * xs[at] + c * endX, a * y + b * ys[at] + c * endY);
    }
    [x, y] = [endX, endY];
    if (isOn(next)) step++;
  }
  return line;
}

/** From characters to glyphs: a table of format 12 or 4. */
function characterMap(data: DataView, start: number): (code: number) => number {
  const tables = Array.from(
    { length: data.getUint16(start + 2) },
    (_, at) => start + data.getUint32(start + 8 + at * 8),
  );
  const long = tables.find((at) => data.getUint16(at) === 12);
  const short = tables.find((at) => data.getUint16(at) === 4);
  const found = new Map<number, number>();
  const lookUp = long !== undefined
    ? (code: number) => inGroups(data, long, code)
    : (code: number) => short === undefined ? 0 : inSegments(data, short, code);
  return (code) => {
    let glyph = found.get(code);
    if (glyph === undefined) found.set(code, glyph = lookUp(code));
    return glyph;
  };
}

function inGroups(data: DataView, table: number, code: number): number {
  for (let group = 0, count = data.getUint32(table + 12); group < count; group++) {
    const at = table + 16 + group * 12;
    const first = data.getUint32(at);
    if (code >= first && code <= data.getUint32(at + 4)) return data.getUint32(at + 8) + code - first;
  }
  return 0;
}

function inSegments(data: DataView, table: number, code: number): number {
  const doubled = data.getUint16(table + 6);
  const [ends, starts] = [table + 14, table + 16 + doubled];
  for (let segment = 0; segment < doubled; segment += 2) {
    if (code > data.getUint16(ends + segment)) continue;
    const first = data.getUint16(starts + segment);
    if (code < first) return 0;
    const delta = data.getUint16(starts + doubled + segment);
    const offsetAt = starts + doubled * 2 + segment;
    const offset = data.getUint16(offsetAt);
    if (offset === 0) return code + delta & 0xffff;
    const glyph = data.getUint16(offsetAt + offset + (code - first) * 2);
    return glyph === 0 ? 0 : glyph + delta & 0xffff;
  }
  return 0;
}
