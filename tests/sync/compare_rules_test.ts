// The table "What a client compares" of SYNC.md, row by row, between two folders and over the routes.
import { createHash } from "node:crypto";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import { sync } from "../../lib/sync/sync.ts";
import { assertEquals } from "../assert.ts";
import { scratch } from "../e2e/dbx.ts";

const EXP = "0000000000exp";
const META = `${EXP}/meta.json`;
const LOG = `${EXP}/runs/0000000000run/log.jsonl`;
const OLD = "Ab3_x9ZkQ0pLm";
const FILE = `${OLD}/w.bin`;
const REGISTRY = `${OLD}/files.json`;
const OBJECT = objectOf("good");
const [A, B, C] = ["a", "b", "c"].map((event) => `{"event":"${event}","ts":1}\n`);
const [EARLY, LATE] = [new Date("2026-01-01T00:00:00Z"), new Date("2026-01-02T00:00:00Z")];

function objectOf(text: string): string {
  const hash = createHash("sha256").update(text).digest("hex");
  return `objects/${hash.slice(0, 2)}/${hash}`;
}

interface Case {
  readonly title: string;
  readonly name: string;
  /** What the source and the target hold; undefined: nothing. */
  readonly source?: string;
  readonly target?: string;
  readonly verify?: boolean;
  /** What the target holds afterwards; default: what it held. */
  readonly then?: string;
  /** Whether the target's time becomes the source's. */
  readonly settled?: boolean;
  readonly setback?: string;
}

const CASES: readonly Case[] = [
  { title: "only the source has it", name: META, source: "{}", then: "{}", settled: true },
  { title: "only the target has it", name: META, target: "{}" },
  { title: "an object that both have", name: OBJECT, source: "good", target: "good" },
  { title: "an object whose bytes are wrong, unnoticed", name: OBJECT, source: "good", target: "evil" },
  {
    title: "an object whose bytes are wrong, and all is compared",
    name: OBJECT,
    source: "good",
    target: "evil",
    verify: true,
    setback: "damaged",
  },
  { title: "an object of another length", name: OBJECT, source: "good", target: "go", setback: "damaged" },
  { title: "a definition with equal bytes and another time", name: META, source: "{}", target: "{}", settled: true },
  { title: "a definition of another length", name: META, source: "{}", target: "{ }", setback: "diverged" },
  { title: "a definition with other bytes", name: META, source: "{}", target: "[]", setback: "diverged" },
  { title: "a file that is the beginning of the other", name: FILE, source: "abc", target: "ab", setback: "diverged" },
  { title: "a log with equal bytes and another time", name: LOG, source: A, target: A, settled: true },
  {
    title: "a log that the target has the beginning of",
    name: LOG,
    source: A + B,
    target: A,
    then: A + B,
    settled: true,
  },
  { title: "a log of which the target is ahead", name: LOG, source: A, target: A + B },
  { title: "a log with another last line", name: LOG, source: A + B, target: A + C, setback: "diverged" },
  { title: "a log with another first line", name: LOG, source: A, target: B + C, setback: "diverged" },
  {
    title: "a torn tail in the target that differs",
    name: LOG,
    source: A + B,
    target: `${A}{"event":"t`,
    then: A + B,
    settled: true,
  },
  { title: "a torn tail in the source", name: LOG, source: `${A}{"event":"t`, target: A },
  {
    title: "a torn tail in the source, the target ahead: it stays [S72]",
    name: LOG,
    source: `${A}{"event":"t`,
    target: A + B,
  },
  { title: "a torn tail in the target alone stays [S72]", name: LOG, source: A, target: `${A}{"event":"t` },
  {
    title: "a torn tail behind lines that differ",
    name: LOG,
    source: A + B,
    target: `${C}{"event":"t`,
    setback: "diverged",
  },
  {
    title: "a registry that says more",
    name: REGISTRY,
    source: `{"a":"1","b":"2"}`,
    target: `{"a":"1"}`,
    then: `{"a":"1","b":"2"}`,
  },
  { title: "a registry of which the target's says more", name: REGISTRY, source: `{}`, target: `{"a":"1"}` },
  {
    title: "registries that each say something",
    name: REGISTRY,
    source: `{"b":"2"}`,
    target: `{"a":"1"}`,
    setback: "diverged",
  },
  {
    title: "a registry that is not JSON in the target",
    name: REGISTRY,
    source: `{"a":"1"}`,
    target: `{"a`,
    then: `{"a":"1"}`,
  },
  {
    title: "a registry that is not JSON in the source",
    name: REGISTRY,
    source: `{"a`,
    target: `{}`,
    setback: "damaged",
  },
];

/** Both sides have these, so that nothing is a stray. */
const COMMON = { "dbx.json": `{"dbx":1,"id":"0000000000abc","createdAt":"2026-01-01T09:00:00.000Z"}\n` };

async function make(path: string, name: string, text: string | undefined, time: Date): Promise<void> {
  const old = name.startsWith(OLD) ? { [`${OLD}/meta.json`]: "{}", [`${OLD}/log.jsonl`]: "" } : {};
  for (const [file, content] of Object.entries({ ...COMMON, ...old, ...(text !== undefined && { [name]: text }) })) {
    await Deno.mkdir(`${path}/${file.slice(0, Math.max(0, file.lastIndexOf("/")))}`, { recursive: true });
    await Deno.writeTextFile(`${path}/${file}`, content);
    await Deno.utime(`${path}/${file}`, time, time);
  }
}

for (const { title, name, source, target, verify, then = target, settled = false, setback } of CASES) {
  Deno.test(`comparing: ${title} [S70]`, async () => {
    for (const way of ["folder", "push", "pull"]) {
      await using folder = await scratch();
      const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
      await make(a, name, source, EARLY);
      await make(b, name, target, LATE);
      const far = (path: string) =>
        new RemoteStore({
          location: path,
          base: "http://peer",
          transport: storeRoutes(new LocalStore(path)),
          pause: 0,
        });
      const [from, to] = [way === "pull" ? far(a) : new LocalStore(a), way === "push" ? far(b) : new LocalStore(b)];
      const { setbacks } = await sync(from, to, { direction: "push", verify });
      assertEquals(setbacks.map(({ name, kind }) => [name, kind]), setback === undefined ? [] : [[name, setback]], way);
      assertEquals(await Deno.readTextFile(`${b}/${name}`).catch(() => undefined), then, way);
      if (source !== undefined) assertEquals(await Deno.readTextFile(`${a}/${name}`), source, way);
      if (then === undefined || name === REGISTRY) continue;
      const changed = (await Deno.stat(`${b}/${name}`)).mtime?.getTime();
      assertEquals(changed === EARLY.getTime(), settled, `${way}: the time is ${settled ? "" : "not "}settled`);
    }
  });
}
