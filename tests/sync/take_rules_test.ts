// The table "What a target does" of SYNC.md, row by row, with the bytes that a peer sends.
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";
import { bodyWith, encode, objectOf, type Sent, sha256, take } from "./take_body.ts";

const MARKER = `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}\n`;
const EXP = "0000000000exp";
const META = `${EXP}/meta.json`;
const LOG = `${EXP}/runs/0000000000run/log.jsonl`;
const OLD = "Ab3_x9ZkQ0pLm";
const MIB = 1024 * 1024;
const [A, B, C] = ["a", "b", "c"].map((event) => `{"event":"${event}","ts":1}\n`);

interface Case {
  readonly title: string;
  readonly there?: Readonly<Record<string, string>>;
  readonly sent: Sent;
  /** The kind of the setback; undefined: it is taken. */
  readonly setback?: string;
  /** What the file holds afterwards; undefined: it is not there. */
  readonly then: string | undefined;
}

const WHOLE = "x".repeat(MIB + 10);
const CASES: readonly Case[] = [
  {
    title: "a marker that is there with other bytes stays [S21, S33]",
    there: { "dbx.json": MARKER },
    sent: { name: "dbx.json", text: MARKER.replace("abc", "xyz") },
    setback: "diverged",
    then: MARKER,
  },
  {
    title: "a marker that is there, with the same bytes",
    there: { "dbx.json": MARKER },
    sent: { name: "dbx.json", text: MARKER },
    then: MARKER,
  },
  { title: "a marker where there is none", sent: { name: "dbx.json", text: MARKER }, then: MARKER },
  {
    title: "a marker of a version that is not known [S109]",
    sent: { name: "dbx.json", text: MARKER.replace(":1,", ":9,") },
    setback: "refused",
    then: undefined,
  },
  {
    title: "a marker that is none [S109]",
    sent: { name: "dbx.json", text: "{}" },
    setback: "refused",
    then: undefined,
  },
  {
    title: "a marker in two frames [S109]",
    sent: { name: "dbx.json", text: MARKER.slice(0, 20), size: MARKER.length, end: false },
    setback: "refused",
    then: undefined,
  },
  { title: "a definition is made where there is none", sent: { name: META, text: "{}" }, then: "{}" },
  {
    title: "a definition that is there, with the same bytes",
    there: { [META]: "{}" },
    sent: { name: META, text: "{}" },
    then: "{}",
  },
  {
    title: "a definition that is there with other bytes stays [S38]",
    there: { [META]: "{}" },
    sent: { name: META, text: "[]" },
    setback: "diverged",
    then: "{}",
  },
  {
    title: "a file that is there with other bytes stays [S38]",
    there: { [`${OLD}/w.bin`]: "ours" },
    sent: { name: `${OLD}/w.bin`, text: "theirs" },
    setback: "diverged",
    then: "ours",
  },
  {
    title: "a file whose beginning did not come",
    sent: { name: `${OLD}/w.bin`, text: "rest", offset: 4 },
    setback: "retry",
    then: undefined,
  },
  {
    title: "a file whose end does not come, without its hash",
    sent: { name: `${OLD}/w.bin`, text: "beginning", size: 2 * MIB, end: false },
    setback: "retry",
    then: undefined,
  },
  {
    title: "a registry that says more takes the place of the one that is there",
    there: { [`${OLD}/files.json`]: `{"a":"1"}` },
    sent: { name: `${OLD}/files.json`, text: `{"a":"1","b":"2"}` },
    then: `{"a":"1","b":"2"}`,
  },
  {
    title: "a registry that says something else leaves the one that is there [S38]",
    there: { [`${OLD}/files.json`]: `{"a":"1"}` },
    sent: { name: `${OLD}/files.json`, text: `{"b":"2"}` },
    setback: "diverged",
    then: `{"a":"1"}`,
  },
  { title: "an object is made", sent: { name: objectOf("good"), text: "good" }, then: "good" },
  {
    title: "bytes of another hash do not get the name of an object [S39]",
    sent: { name: objectOf("good"), text: "evil" },
    setback: "damaged",
    then: undefined,
  },
  {
    title: "nor that of a file that came with its hash [S39]",
    sent: { name: `${OLD}/w.bin`, text: "evil", sha256: sha256("good") },
    setback: "damaged",
    then: undefined,
  },
  {
    title: "a large object from behind the end of what is there",
    sent: { name: objectOf(WHOLE), text: WHOLE.slice(MIB), offset: MIB },
    setback: "retry",
    then: undefined,
  },
  {
    title: "a log that has as many bytes as the offset grows",
    there: { [LOG]: A },
    sent: { name: LOG, text: B, offset: A.length },
    then: A + B,
  },
  {
    title: "a log that is shorter than the offset does not change [S41]",
    there: { [LOG]: A },
    sent: { name: LOG, text: C, offset: 2 * A.length },
    setback: "retry",
    then: A,
  },
  {
    title: "a log that is not there is not begun in its middle [S41]",
    sent: { name: LOG, text: B, offset: A.length },
    setback: "retry",
    then: undefined,
  },
  {
    title: "of a log that is longer, the same bytes are passed over, and what follows is added [S42]",
    there: { [LOG]: A + B },
    sent: { name: LOG, text: B + C, offset: A.length },
    then: A + B + C,
  },
  {
    title: "a log that holds all of it stays [S42]",
    there: { [LOG]: A + B + C },
    sent: { name: LOG, text: B, offset: A.length },
    then: A + B + C,
  },
  {
    title: "a log with another whole line there stays [S43]",
    there: { [LOG]: A + B },
    sent: { name: LOG, text: C, offset: A.length },
    setback: "diverged",
    then: A + B,
  },
  {
    title: "a torn tail that differs gives way to whole lines [S44]",
    there: { [LOG]: `${A}{"event":"torn` },
    sent: { name: LOG, text: B, offset: A.length },
    then: A + B,
  },
  {
    title: "a torn tail that differs stays where no whole line comes for its place [S72]",
    there: { [LOG]: `${A}{"zz` },
    sent: { name: LOG, text: `{"event"`, offset: A.length, size: 100, end: false },
    setback: "retry",
    then: `${A}{"zz`,
  },
  {
    title: "the same, behind the whole lines that are there [S72]",
    there: { [LOG]: `${A}{"zz` },
    sent: { name: LOG, text: `${A}{"event"`, size: 100, end: false },
    setback: "retry",
    then: `${A}{"zz`,
  },
  {
    title: "a torn tail that is the beginning of the line is completed [S44]",
    there: { [LOG]: A + B.slice(0, 5) },
    sent: { name: LOG, text: B, offset: A.length },
    then: A + B,
  },
  {
    title: "a source that could not read on",
    there: { [LOG]: A },
    sent: { name: LOG, text: "", offset: A.length, error: "the disk is broken" },
    setback: "failed",
    then: A,
  },
];

for (const { title, there = {}, sent, setback, then } of CASES) {
  Deno.test(`sync/take: ${title} [S71]`, async () => {
    await using folder = await scratch();
    const store = new LocalStore(folder.path);
    for (const [name, text] of Object.entries(there)) await store.create(name, encode(text));
    const other = { name: "0000000000two/meta.json", text: "{}" };
    // One whose end does not come is the last of its body.
    const said = await take(store, bodyWith(sent.end === false ? [other, sent] : [sent, other]));
    assertEquals(said.status, 200);
    assertEquals(said.setbacks.map(({ name, kind }: { name: string; kind: string }) => [name, kind]), [
      ...setback === undefined ? [] : [[sent.name, setback]],
    ]);
    const end = (sent.offset ?? 0) + sent.text.length;
    assertEquals(said.taken.toSorted(), [setback === undefined ? end : null, 2].toSorted());
    const path = `${folder.path}/${sent.name}`;
    assertEquals(await Deno.readTextFile(path).catch(() => undefined), then);
    assertEquals(await Deno.readTextFile(`${folder.path}/${other.name}`), "{}", "the others are taken all the same");
  });
}
