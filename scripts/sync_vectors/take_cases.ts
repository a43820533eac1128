import { FILE, LOG, META, part } from "./frames.ts";
import { toVector } from "./pieces.ts";
import { EXP, file, line, MARKER, object, objectName, repeated, RUN, sha256Of, state, WHEN } from "./samples.ts";
import type { State } from "./state.ts";

const [ONE, TWO] = [line("a"), line("b", {}, 1)];
const MIB = 1024 * 1024;
const LARGE = repeated("a", MIB + 5);
const HASH = sha256Of(LARGE);
const SIZE = LARGE.length;
const OBJECT = objectName(LARGE);
const [FIRST, LAST] = [LARGE.subarray(0, MIB), LARGE.subarray(MIB)];
const REGISTRY = "Ab3_x9ZkQ0pLm/files.json";
const TOMBSTONE = `{"event":"dbx/purge","id":"${EXP}"}\n`;

/** One part that is a whole file. */
function all(name: string, text: string, more: object = {}): Uint8Array {
  const size = new TextEncoder().encode(text).length;
  return part(name, 0, size, text, { end: true, ...more });
}

/** What follows in a file. */
function rest(name: string, before: string, text: string): Uint8Array {
  return part(name, before.length, before.length + text.length, text, { end: true, modifiedAt: WHEN });
}

/** What a server holds, and the frames that come. */
export type TakeCase = readonly [id: string, before: State, ...frames: readonly Uint8Array[]];

const withLog = (text: string) => state({ [LOG]: file(text, 1) });
const withFile = (name: string, text: string) => state({ [name]: file(text, 1) });
const arrived = (bytes: Uint8Array): State => ({
  files: { "dbx.json": MARKER },
  incoming: { [HASH]: toVector(bytes) },
});

const LOGS: readonly TakeCase[] = [
  ["log: it is not there", state(), all(LOG, ONE, { modifiedAt: WHEN })],
  ["log: without a time", state(), all(LOG, ONE)],
  ["log: an empty one", state(), all(LOG, "", { modifiedAt: WHEN })],
  ["log: it is not there, and the rest comes [S41]", state(), rest(LOG, ONE, TWO)],
  ["log: the same is there [S42]", withLog(ONE), all(LOG, ONE, { modifiedAt: WHEN })],
  ["log: the beginning is there", withLog(ONE), rest(LOG, ONE, TWO)],
  ["log: the beginning is there, and all comes [S42]", withLog(ONE), all(LOG, ONE + TWO, { modifiedAt: WHEN })],
  ["log: more is there [S42]", withLog(ONE + TWO), all(LOG, ONE, { modifiedAt: WHEN })],
  ["log: less is there than the offset says [S41]", withLog(ONE), rest(LOG, ONE + TWO, ONE)],
  ["log: other bytes are there [S43]", withLog(TWO), all(LOG, ONE)],
  ["log: other bytes are there behind the offset [S43]", withLog(ONE + TWO), rest(LOG, ONE, ONE)],
  ["log: a torn tail that goes on", withLog(ONE + TWO.slice(0, 9)), rest(LOG, ONE, TWO)],
  ["log: a torn tail that differs [S44]", withLog(ONE + `{"x`), rest(LOG, ONE, TWO)],
  [
    "log: a torn tail that differs, and all comes [S44]",
    withLog(ONE + `{"x`),
    all(LOG, ONE + TWO, { modifiedAt: WHEN }),
  ],
  [
    "log: a torn tail that differs, and half a line comes [S72]",
    withLog(ONE + `{"x`),
    part(LOG, ONE.length, 99, TWO.slice(0, 9)),
  ],
  [
    "log: a torn tail that differs, and a line comes in two frames [S44]",
    withLog(ONE + `{"x`),
    part(LOG, ONE.length, (ONE + TWO).length, TWO.slice(0, 9)),
    part(LOG, ONE.length + 9, (ONE + TWO).length, TWO.slice(9), { end: true }),
  ],
  ["log: a torn tail, and other lines come [S43]", withLog(ONE + `{"x`), all(LOG, TWO + ONE)],
  ["log: a torn tail, and as many lines come", withLog(ONE + `{"x`), all(LOG, ONE, { modifiedAt: WHEN })],
  ["log: a torn tail of a log without a line [S44]", withLog(`{"x`), all(LOG, ONE)],
  ["log: a torn tail that begins before the offset [S44]", withLog(ONE + `{"x`), rest(LOG, ONE + "{", TWO)],
  ["log: in two frames", state(), part(LOG, 0, 9, "1234"), part(LOG, 4, 9, "678\n\n", { end: true, modifiedAt: WHEN })],
  ["log: its end does not come", state(), part(LOG, 0, 9, "1234\n")],
];

const FILES: readonly TakeCase[] = [
  ["definition: it is not there [S37]", state(), all(META, "{}", { modifiedAt: WHEN })],
  ["definition: the same is there", withFile(META, "{}"), all(META, "{}", { modifiedAt: WHEN })],
  ["definition: another one is there [S38]", withFile(META, "{}"), all(META, "[]")],
  ["definition: its end does not come [S14]", state(), part(META, 0, 9, "{}")],
  ["definition: its beginning does not come", state(), part(META, 2, 4, "{}", { end: true })],
  ["file: with its SHA-256 [S37]", state(), all(FILE, "1234", { sha256: sha256Of("1234") })],
  ["file: with the SHA-256 of another one [S108]", state(), all(FILE, "1234", { sha256: sha256Of("4321") })],
  ["file: another one is there [S106]", withFile(FILE, "1234"), all(FILE, "4321")],
  ["object: it is not there [S37]", state(), all(objectName("a"), "a")],
  ["object: it is there", state(object("a")), all(objectName("a"), "a")],
  ["object: its bytes have another SHA-256 [S39]", state(), all(objectName("a"), "b")],
  ["registry: it is not there", state(), all(REGISTRY, `{"a":"0"}`)],
  ["registry: it says more", withFile(REGISTRY, `{"a":"0"}`), all(REGISTRY, `{"b":"1","a":"0"}`, { modifiedAt: WHEN })],
  ["registry: it says less", withFile(REGISTRY, `{"a":"0","b":"1"}`), all(REGISTRY, `{"a":"0"}`)],
  ["registry: each says something else", withFile(REGISTRY, `{"a":"0"}`), all(REGISTRY, `{"b":"1"}`)],
  ["marker: there is none", { files: {} }, all("dbx.json", (MARKER as { text: string }).text)],
  ["marker: the same is there", state(), all("dbx.json", (MARKER as { text: string }).text)],
  [
    "marker: another one is there [S33]",
    state(),
    all("dbx.json", `{"dbx":1,"id":"0000000000xyz","createdAt":"2001-09-09T01:46:40.000Z"}\n`),
  ],
  [
    "marker: of a version that is not known [S109]",
    { files: {} },
    all("dbx.json", `{"dbx":2,"id":"0000000000xyz","createdAt":"2001-09-09T01:46:40.000Z"}\n`),
  ],
];

const OTHERS: readonly TakeCase[] = [
  [
    "large object: its first part [S40]",
    state(),
    part(OBJECT, 0, SIZE, FIRST),
  ],
  [
    "large object: the rest",
    arrived(FIRST),
    part(OBJECT, MIB, SIZE, LAST, { end: true }),
  ],
  [
    "large object: from an earlier byte on",
    arrived(FIRST),
    part(OBJECT, 9, SIZE, LARGE.subarray(9, MIB)),
  ],
  [
    "large object: less is there than the offset says [S107]",
    arrived(LARGE.subarray(0, 9)),
    part(OBJECT, MIB, SIZE, LAST, { end: true }),
  ],
  [
    "large object: what was there is damaged",
    arrived(repeated("x", MIB)),
    part(OBJECT, MIB, SIZE, LAST, { end: true }),
  ],
  [
    "large file: its first part, with its SHA-256 [S40]",
    state(),
    part(FILE, 0, SIZE, FIRST, { sha256: HASH }),
  ],
  [
    "large file: the rest",
    arrived(FIRST),
    part(FILE, MIB, SIZE, LAST, { sha256: HASH, end: true }),
  ],
  ["large file: its first part, without its SHA-256 [S14]", state(), part(FILE, 0, SIZE, FIRST)],
  ["an error", state(), part(FILE, 0, 9, "1234"), part(FILE, 4, 9, "", { end: true, error: "it became shorter" })],
  [
    "an error of a log",
    state(),
    part(LOG, 0, 9, "1234\n"),
    part(LOG, 5, 9, "", { end: true, error: "it became shorter" }),
  ],
  ["tombstone: nothing is there of it [S34]", state(), all(`purged/${EXP}.json`, TOMBSTONE)],
  [
    "tombstone: an experiment is there [S49]",
    state({ [META]: file("{}", 1), [LOG]: file(ONE, 1) }),
    all(`purged/${EXP}.json`, TOMBSTONE),
  ],
  [
    "tombstone: a run is there [S49]",
    state({ [META]: file("{}", 1), [LOG]: file(ONE, 1) }),
    all(`purged/${RUN}.json`, TOMBSTONE.replace(EXP, RUN)),
  ],
  ["tombstone: other bytes [S35]", state({ [META]: file("{}", 1) }), all(`purged/${EXP}.json`, TOMBSTONE + "x")],
  [
    "tombstone: in two frames [S35]",
    state({ [META]: file("{}", 1) }),
    part(`purged/${EXP}.json`, 0, 43, TOMBSTONE.slice(0, 9)),
    part(`purged/${EXP}.json`, 9, 43, TOMBSTONE.slice(9), { end: true }),
  ],
  [
    "purged: it does not come back [S36]",
    state({ [`purged/${EXP}.json`]: file(TOMBSTONE, 1) }),
    all(META, "{}"),
    all(LOG, ONE),
  ],
  [
    "purged: in the same body [S34]",
    state({ [META]: file("{}", 1) }),
    all(`purged/${EXP}.json`, TOMBSTONE),
    all("1111111111exp/meta.json", "{}"),
  ],
  [
    "purged: below it, in the same body [S36]",
    state({ [META]: file("{}", 1) }),
    all(`purged/${EXP}.json`, TOMBSTONE),
    all(LOG, ONE),
  ],
  [
    "purged: below it, before it in the same body [S36]",
    state({}),
    all(META, "{}"),
    all(`purged/${EXP}.json`, TOMBSTONE),
  ],
  [
    "several files, of which one is wrong [S29]",
    withFile(META, "{}"),
    all(META, "[]"),
    all(LOG, ONE),
    all(objectName("a"), "b"),
    all(objectName("b"), "b"),
  ],
  [
    "collected: a line refers to it again [S5]",
    { ...state(), collected: [sha256Of("a")] },
    all(LOG, line("x", { file: { _dbx: "expfile", name: "f", sha256: sha256Of("a") } })),
  ],
];

/** What may come, by what is there. */
export const TAKE_CASES: readonly TakeCase[] = [...LOGS, ...FILES, ...OTHERS];
