import { HeldLines } from "../../../lib/base/lines/held_lines.ts";
import { LinePieces, type LineRange, readLines, readLinesSync } from "../../../lib/base/lines/line_pieces.ts";
import { countLines, lengthOfLines, linesIn } from "../../../lib/base/lines/lines_in.ts";
import { TextLines } from "../../../lib/base/lines/text_lines.ts";
import { assertEquals, assertThrows } from "../../assert.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("linesIn: whole lines and their places, each decoded alone where one is not UTF-8", () => {
  const bytes = encode("a\n\nbé\ntorn");
  assertEquals([...linesIn(bytes)], [
    { text: "a", start: 0, end: 2 },
    { text: "", start: 2, end: 3 },
    { text: "bé", start: 3, end: 7 },
  ]);
  assertEquals([lengthOfLines(bytes), countLines(bytes)], [7, 3]);
  assertEquals([...linesIn(Uint8Array.of(0xff, 10, 98, 10, 0xff))], [
    { text: undefined, start: 0, end: 2 },
    { text: "b", start: 2, end: 4 },
  ]);
  assertEquals([...linesIn(new Uint8Array())], []);
});

Deno.test("HeldLines and TextLines: wherever the chunks end, the same lines come", () => {
  const text = "one\n\ntwo and more\nthree\n\n\nrest";
  for (let size = 1; size <= text.length; size++) {
    const bytes = new HeldLines(), strings = new TextLines();
    let whole = "";
    const lines: string[] = [];
    const buffer = new Uint8Array(size);
    for (let at = 0; at < text.length; at += size) {
      const chunk = encode(text.slice(at, at + size));
      // A reader uses its buffer again.
      buffer.set(chunk);
      whole += decode(bytes.push(buffer.subarray(0, chunk.length)));
      lines.push(...strings.push(text.slice(at, at + size)));
    }
    assertEquals([whole, bytes.length, decode(bytes.take()), bytes.length], [text.slice(0, -4), 4, "rest", 0]);
    assertEquals([lines, strings.length, strings.take(), strings.length], [
      text.split("\n").slice(0, -1),
      4,
      "rest",
      0,
    ]);
  }
});

Deno.test("TextLines: a line that is too long is refused, whole or not", () => {
  const lines = () => new TextLines(3, () => new Error("too long"));
  assertEquals(lines().push("abc\nabc\nabc"), ["abc", "abc"]);
  for (const chunks of [["abcd"], ["ab", "cd"], ["abcd\n"], ["a\nabcd\n"], ["a\nabc", "d"]]) {
    const one = lines();
    assertThrows(() => chunks.forEach((chunk) => one.push(chunk)), Error, "too long");
  }
});

/** The pieces of a file, and what was read for them. */
async function read(file: string, range: Partial<LineRange>) {
  const bytes = encode(file);
  const spans: string[] = [], pieces: string[] = [];
  const own = { size: bytes.length, length: 4, ...range };
  for await (
    const piece of readLines(own, ({ offset, length }) => {
      spans.push(`${offset}+${length}`);
      return Promise.resolve(bytes.subarray(offset, offset + length));
    })
  ) pieces.push(`${piece.offset}:${decode(piece.bytes)}`);
  const sync = readLinesSync(own, ({ offset, length }) => bytes.subarray(offset, offset + length));
  assertEquals([...sync].map((piece) => `${piece.offset}:${decode(piece.bytes)}`), pieces);
  return { pieces, spans };
}

Deno.test("readLines: pieces end with a line; a longer line is read again with twice as many bytes", async () => {
  assertEquals(await read("a\nb\nc\n", {}), { pieces: ["0:a\nb\n", "4:c\n"], spans: ["0+4", "4+2"] });
  assertEquals(await read("abcdefghi\nj\n", {}), {
    pieces: ["0:abcdefghi\nj\n"],
    spans: ["0+4", "0+8", "0+12"],
  });
  assertEquals((await read("abcdef\ngh\nij\n", { offset: 7 })).pieces, ["7:gh\n", "10:ij\n"]);
});

Deno.test("readLines: a line that is not whole ends it, and so does one that is too long, or the end that counts", async () => {
  assertEquals(await read("a\nbcd", {}), { pieces: ["0:a\n"], spans: ["0+4", "2+3"] });
  assertEquals(await read("a\nbcde", {}), { pieces: ["0:a\n"], spans: ["0+4", "2+4"] });
  assertEquals(await read("abcdefghi\n", { maxLine: 8 }), { pieces: [], spans: ["0+4", "0+8"] });
  assertEquals((await read("a\nb\nc\n", { size: 3 })).pieces, ["0:a\n"]);
  assertEquals(await read("", {}), { pieces: [], spans: [] });
  assertEquals(await read("a\n", { size: 9 }), { pieces: ["0:a\n"], spans: ["0+4", "2+4"] });
});

Deno.test("LinePieces: ends where the file is gone, and goes on where it is told to", () => {
  const pieces = new LinePieces({ size: 10, length: 4 });
  assertEquals(pieces.take(encode("a\nb\n")), encode("a\nb\n"));
  assertEquals(pieces.next, { offset: 4, length: 4 });
  assertEquals([pieces.take(undefined), pieces.next], [undefined, undefined]);
  pieces.goTo(2);
  assertEquals([pieces.offset, pieces.next], [2, { offset: 2, length: 4 }]);
});
