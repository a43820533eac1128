import { References } from "../../../lib/format/layout/object_references.ts";
import { assertEquals } from "../../assert.ts";

const A = "aa" + "0".repeat(62);
const B = "bb" + "1".repeat(62);
const [NAME_A, NAME_B] = [`objects/aa/${A}`, `objects/bb/${B}`];
const LOG = "e/runs/r/log.jsonl";
const file = (sha256: string): string => `{"_dbx":"expfile","exp":"e","name":"n","sha256":"${sha256}"}`;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Adds a file in parts of so many bytes. */
function inParts(name: string, bytes: Uint8Array, size: number, everyLine = true): References {
  const references = new References({ everyLine });
  for (let at = 0; at < bytes.length; at += size) {
    references.add({ name, bytes: bytes.subarray(at, at + size), end: at + size >= bytes.length });
  }
  return references;
}

const cases: readonly { name: string; file: string; text: string; refers: string[]; unread?: number[] }[] = [
  {
    name: "a definition that is printed over many lines",
    file: "e/runs/r/meta.json",
    text: JSON.stringify({ git: { diff: JSON.parse(file(A)) } }, undefined, 2) + "\n",
    refers: [NAME_A],
  },
  {
    name: "a definition that is damaged: what looks like a hash counts",
    file: "e/meta.json",
    text: `{"params": {"x": ${file(A)}}`,
    refers: [NAME_A],
    unread: [0],
  },
  { name: "a line with a bare NaN", file: LOG, text: `{"event":"e","x":NaN,"f":${file(A)}}\n`, refers: [NAME_A] },
  {
    name: "escapes hide neither the type, the keys nor the hash",
    file: LOG,
    text: `{"event":"e","f":{"\\u005fdbx":"\\u0065xpfile","\\u0073ha256":"\\u0061${A.slice(1)}"}}\n`,
    refers: [NAME_A],
  },
  {
    name: "texts of many bytes before and behind",
    file: LOG,
    text: `{"event":"Ω≠😀","f":${file(A)},"t":"😀😀"}\n{"event":"é","f":[[${file(B)}]]}\n`,
    refers: [NAME_A, NAME_B],
  },
  {
    name: "a tail that is whole but for its line feed",
    file: LOG,
    text: `{"event":"e","f":${file(A)}}`,
    refers: [NAME_A],
  },
  {
    name: "a tail that is torn behind the hash",
    file: LOG,
    text: `{"event":"e","f":${file(A).slice(0, -1)}`,
    refers: [NAME_A],
  },
  {
    name: "a tail that is torn within the hash",
    file: LOG,
    text: `{"event":"e","f":${file(A).slice(0, -30)}`,
    refers: [NAME_A],
  },
  {
    name: "a damaged line is named, and what looks like a hash counts",
    file: LOG,
    text: `{"event":"e"}\n{"event":"e","f":${file(A)}\n\n{"event":"e","f":${file(B)}}\n`,
    refers: [NAME_A, NAME_B],
    unread: [2],
  },
  {
    name: "a reference to a file elsewhere is none",
    file: LOG,
    text: `{"event":"e","f":{"_dbx":"reffile","sha256":"${A}"}}\n`,
    refers: [],
  },
  {
    name: "nesting of any depth",
    file: LOG,
    text: `{"event":"e","f":${"[".repeat(4000)}${file(A)}${"]".repeat(4000)}}\n`,
    refers: [NAME_A],
  },
];

for (const { name, file, text, refers, unread = [] } of cases) {
  Deno.test({
    name: `References: ${name}`,
    permissions: "none",
    fn() {
      const bytes = encode(text);
      for (const size of [bytes.length, 1, 2, 3, 7, 64]) {
        const found = inParts(file, bytes, size);
        assertEquals([NAME_A, NAME_B].filter((object) => found.has(object)), refers, `in parts of ${size}`);
        assertEquals(found.unread.map(({ line }) => line ?? 0), unread);
      }
      // Looking at likely lines only finds the same references.
      const quick = inParts(file, bytes, 5, false);
      assertEquals([NAME_A, NAME_B].filter((object) => quick.has(object)), refers);
    },
  });
}

Deno.test({
  name: "References: a line that is not UTF-8 is named, and those around it are read",
  permissions: "none",
  fn() {
    const bytes = new Uint8Array([
      ...encode(`{"event":"e","f":${file(A)}}\n{"event":"`),
      0xff,
      ...encode(`","f":${file(B)}}\n`),
    ]);
    for (const size of [bytes.length, 1, 11]) {
      const found = inParts(LOG, bytes, size);
      assertEquals([...found.objects].sort(), [NAME_A, NAME_B]);
      assertEquals(found.unread, [{ name: LOG, line: 2, message: "not UTF-8" }]);
    }
  },
});

Deno.test({
  name: "References: a file that is cut off does not spoil the next one",
  permissions: "none",
  fn() {
    const found = new References({ everyLine: true });
    found.add({ name: LOG, bytes: encode(`{"event":"e","f":{"_dbx":"expf`), end: false });
    found.addUnreadable(LOG, "it no longer exists");
    found.add({ name: "e/meta.json", bytes: encode(`{"f":${file(B)}}`), end: true });
    assertEquals([[...found.objects], found.unread.length], [[NAME_B], 1]);
  },
});
