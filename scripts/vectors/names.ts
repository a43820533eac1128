import { under, type Vector, type VectorFile } from "./vector.ts";

/** What a name is of. */
type Of = "experiment" | "log" | "event" | "id" | "id-of-version-0" | "hash";

const yes = (of: Of, id: string, name: string, reason: string): Vector => {
  return { id: `${of}-${id}`, of, name, valid: true, reason };
};
const no = (of: Of, id: string, name: string, reason: string): Vector => {
  return { id: `${of}-${id}`, of, name, valid: false, reason };
};

const HASH = "8f5d0fbee6d9490ec4fe25e6dec857a2811af2f37e27d9b869dd8ee6528b27c3";

const EXPERIMENTS: readonly Vector[] = [
  yes("experiment", "none", "", "no name: the experiment stands at the top"),
  yes("experiment", "one", "a", "one folder"),
  yes("experiment", "two", "vision/resnet", "two folders"),
  yes("experiment", "unicode", "größe/日本語 🚀", "any characters"),
  yes("experiment", "space-within", "a b", "a space within"),
  yes("experiment", "space-first", " a", "a space at the start"),
  yes("experiment", "dot-within", "a.b", "a dot within"),
  yes("experiment", "hyphen", "-a", "a hyphen at the start"),
  yes("experiment", "upper", "RUNS", "names differ by case"),
  yes("experiment", "run", "run", "only runs is taken"),
  yes("experiment", "dbx", "dbx", "a folder dbx"),
  yes("experiment", "dbx-json", "dbx.json/a", "a folder of the name of a file"),
  yes("experiment", "meta-json", "meta.json", "a folder of the name of a file"),
  yes("experiment", "id-12", "abcdefghijkl", "12 characters are not an id"),
  yes("experiment", "id-14", "abcdefghijklmn", "14 characters are not an id"),
  yes("experiment", "id-capital", "Folder1234567", "a capital letter: no id of version 1"),
  yes("experiment", "id-underscore", "folder_123456", "an underscore: no id of version 1"),
  yes("experiment", "colon-third", "aa:b", "a colon behind two letters is not a drive"),
  yes("experiment", "colon-digit", "1:b", "a colon behind a digit is not a drive"),
  yes("experiment", "segment-200", "x".repeat(200), "200 bytes"),
  yes("experiment", "segment-200-utf8", "ä".repeat(100), "200 bytes of UTF-8"),
  yes(
    "experiment",
    "all-800",
    ["x".repeat(199), "x".repeat(199), "x".repeat(199), "x".repeat(200)].join("/"),
    "800 bytes",
  ),
  yes("experiment", "parts-32", "a/".repeat(31) + "a", "32 segments"),
  no("experiment", "parts-33", "a/".repeat(32) + "a", "33 segments"),
  yes("experiment", "windows-question", "a?b", "only some systems can hold it; writers SHOULD avoid it"),
  yes("experiment", "windows-aux", "AUX", "only some systems can hold it; writers SHOULD avoid it"),
  yes("experiment", "decomposed", "e\u0301", "never normalised"),
  yes("experiment", "no-break-space-last", "a\u00a0", "only U+0020 is refused at the end"),
  yes("experiment", "line-separator", "a\u2028b", "U+2028 is not a control character"),
  no("experiment", "dot", ".", "a segment begins with a dot"),
  no("experiment", "dots", "a/..", "a segment begins with a dot"),
  no("experiment", "hidden", "a/.hidden", "a segment begins with a dot"),
  no("experiment", "local", ".dbx", "a segment begins with a dot"),
  no("experiment", "slash-first", "/a", "an empty segment"),
  no("experiment", "slash-last", "a/", "an empty segment"),
  no("experiment", "slash-twice", "a//b", "an empty segment"),
  no("experiment", "slash", "/", "an empty segment"),
  no("experiment", "dot-last", "a./b", "a segment ends with a dot"),
  no("experiment", "space-last", "a ", "a segment ends with a space"),
  no("experiment", "space-only", " ", "a segment ends with a space"),
  no("experiment", "runs", "runs", "a name that repositories use"),
  no("experiment", "notes", "a/notes/b", "a name that repositories use"),
  no("experiment", "objects", "objects", "a name that repositories use"),
  no("experiment", "objects-below", "a/objects", "a name that repositories use, at any depth"),
  no("experiment", "purged", "purged/a", "a name that repositories use"),
  no("experiment", "id", "abcdefghijklm", "the shape of an id"),
  no("experiment", "id-within", "x/0123456789abc/y", "the shape of an id"),
  no("experiment", "nul", "a\0b", "a control character"),
  no("experiment", "line-feed", "a\nb", "a control character"),
  no("experiment", "unit-separator", "a\x1f", "a control character"),
  no("experiment", "delete", "a\x7f", "a control character"),
  no("experiment", "next-line", "a\x85b", "a control character"),
  no("experiment", "last-control", "\x9f", "a control character"),
  no("experiment", "backslash", "a\\b", "a backslash"),
  no("experiment", "half", "a\ud800", "half of a surrogate pair"),
  no("experiment", "half-low", "\ude80\ud83d", "two halves that are not a pair"),
  no("experiment", "drive", "C:/a", "a Windows drive"),
  no("experiment", "drive-small", "a/c:b", "a Windows drive, in any segment"),
  no("experiment", "segment-201", "x".repeat(201), "more than 200 bytes"),
  no("experiment", "segment-202-utf8", "ä".repeat(101), "more than 200 bytes of UTF-8"),
  no(
    "experiment",
    "all-801",
    ["x".repeat(200), "x".repeat(199), "x".repeat(199), "x".repeat(200)].join("/"),
    "more than 800 bytes",
  ),
];

const LOGS: readonly Vector[] = [
  yes("log", "default", "log", "the default log"),
  yes("log", "one", "a", "one character"),
  yes("log", "digit", "0", "a digit at the start"),
  yes("log", "underscore", "_x", "an underscore at the start"),
  yes("log", "all", "a.b-c_D", "all kinds of characters"),
  yes("log", "jsonl", "a.jsonl", "a dot within"),
  yes("log", "dot-last", "a.", "a dot at the end"),
  yes("log", "100", "x".repeat(100), "100 characters"),
  no("log", "empty", "", "at least one character"),
  no("log", "101", "x".repeat(101), "more than 100 characters"),
  no("log", "dot-first", ".a", "a dot at the start"),
  no("log", "dots", "..", "a dot at the start"),
  no("log", "hyphen-first", "-a", "a hyphen at the start"),
  no("log", "slash", "a/b", "a slash"),
  no("log", "backslash", "a\\b", "a backslash"),
  no("log", "space", "a b", "a space"),
  no("log", "umlaut", "ä", "a letter beyond ASCII"),
  no("log", "line-feed", "a\n", "a control character"),
];

const EVENTS: readonly Vector[] = [
  yes("event", "plain", "train/epoch/3", "a name"),
  yes("event", "1024", "n".repeat(1024), "1024 UTF-16 units"),
  yes("event", "1024-pairs", "🚀".repeat(512), "1024 UTF-16 units"),
  yes("event", "space", " ", "a space"),
  yes("event", "slash", "/", "segments of an event's name may be empty"),
  no("event", "empty", "", "at least one unit"),
  no("event", "1025", "n".repeat(1025), "more than 1024 UTF-16 units"),
  no("event", "1026-pairs", "🚀".repeat(513), "more than 1024 UTF-16 units"),
  no("event", "tab", "a\tb", "a control character"),
  no("event", "delete", "\x7f", "a control character"),
  no("event", "next-line", "\x85", "a control character"),
];

const IDS: readonly Vector[] = [
  yes("id", "all", "0123456789xyz", "13 of 0-9a-z"),
  no("id", "12", "0123456789ab", "13 characters"),
  no("id", "14", "0123456789abcd", "13 characters"),
  no("id", "capital", "0123456789abC", "small letters"),
  no("id", "underscore", "_123456789abc", "letters and digits"),
  no("id", "line-feed", "0123456789abc\n", "13 characters"),
  yes("id-of-version-0", "all", "Ab3_x9ZkQ0pLm", "13 of _0-9a-zA-Z"),
  yes("id-of-version-0", "as-1", "0123456789abc", "those of version 1 too"),
  no("id-of-version-0", "hyphen", "Ab3-x9ZkQ0pLm", "no hyphen"),
  no("id-of-version-0", "umlaut", "Ab3äx9ZkQ0pLm", "letters of ASCII"),
];

const HASHES: readonly Vector[] = [
  yes("hash", "all", HASH, "64 lower-case hexadecimal digits"),
  no("hash", "capital", HASH.toUpperCase(), "lower-case digits"),
  no("hash", "63", HASH.slice(1), "64 digits"),
  no("hash", "65", HASH + "0", "64 digits"),
  no("hash", "letter", "g" + HASH.slice(1), "hexadecimal digits"),
  no("hash", "line-feed", HASH + "\n", "64 digits"),
];

/** Names that a writer takes or must refuse. */
export const NAMES: VectorFile = {
  about: "Names of experiments, logs and events that a writer takes or must refuse; and what is an id or a hash.",
  vectors: [
    ...under("F8", EXPERIMENTS),
    ...under("F12", LOGS),
    ...under("F32", EVENTS),
    ...under("F7", IDS),
    ...HASHES,
  ],
};
