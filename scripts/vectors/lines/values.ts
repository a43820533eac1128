import { damage, event, note } from "./line.ts";
import { under, type Vector } from "../vector.ts";

const HASH = "8f5d0fbee6d9490ec4fe25e6dec857a2811af2f37e27d9b869dd8ee6528b27c3";
const deep = (arrays: number): string => "[".repeat(arrays) + "1" + "]".repeat(arrays);
const same = (id: string, data: string, reason: string): Vector =>
  event(id, `{"event":"a","ts":1,${data.slice(1)}`, ["a", 1, data], reason);
const named = (id: string, name: string, reason: string): Vector =>
  event(id, `{"event":${JSON.stringify(name)},"ts":1}`, [name, 1, "{}"], reason);
const refused = (id: string, name: string, reason: string): Vector =>
  note(id, `{"event":${JSON.stringify(name)},"ts":1}`, [name, 1, "{}"], reason);
const own = (name: string, data: string, reason: string): Vector =>
  event(name.replace("/", "-"), `{"event":"${name}","ts":1${data === "{}" ? "}" : "," + data.slice(1)}`, [
    name,
    1,
    data,
  ], reason);

/** Special values, depths, names of events, and the events that dbx knows. */
export const VALUE_LINES: readonly Vector[] = [
  same("types", `{"n":null,"t":true,"f":false,"s":"x","l":[],"o":{}}`, "all types of JSON"),
  same("special-nan", `{"x":{"_dbx":"nan"}}`, "not a number, as writers write it"),
  same("special-inf", `{"x":{"_dbx":"inf"},"y":[{"_dbx":"-inf"}]}`, "infinities, as writers write them"),
  same(
    "special-expfile",
    `{"x":{"_dbx":"expfile","exp":"0resnet0exp01","name":"plots/a.png","sha256":"${HASH}"}}`,
    "a file in the repository",
  ),
  same(
    "special-reffile",
    `{"x":{"_dbx":"reffile","path":"/data/a.tar","hostname":"gpu-1","sha256":"${HASH}"}}`,
    "a file outside of it",
  ),
  ...under("F42", [
    same(
      "special-unknown",
      `{"x":{"_dbx":"complex","re":1,"im":2}}`,
      "readers leave an object with an unknown _dbx as it is",
    ),
  ]),
  same("special-case", `{"x":{"_dbx":"NaN"}}`, "an unknown _dbx"),
  same("special-no-text", `{"x":{"_dbx":5,"y":1}}`, "only _dbx with a text is reserved"),
  same("special-null", `{"x":{"_dbx":null}}`, "only _dbx with a text is reserved"),
  same(
    "special-broken-expfile",
    `{"x":{"_dbx":"expfile"}}`,
    "an expfile that names no object is not damage of its line",
  ),
  same(
    "special-short-hash",
    `{"x":{"_dbx":"expfile","exp":"0resnet0exp01","name":"a","sha256":"8f5d"}}`,
    "nor is one with a wrong hash",
  ),
  same("special-at-top", `{"_dbx":"nan"}`, "data may hold the key _dbx"),
  same("special-escaped", String.raw`{"x":{"\u005fdbx":"nan"}}`, "an escape stands for its letter"),
  same("special-in-array", `{"x":[[{"_dbx":"nan"},1]]}`, "at any depth"),

  ...under("F44", [
    same("depth-499", `{"x":${deep(498)}}`, "the data are at depth 1, the innermost array at 499"),
    same("depth-500", `{"x":${deep(499)}}`, "the greatest depth that writers may write"),
    damage("depth-501", `{"event":"a","ts":1,"x":${deep(500)}}`, "deeper than 500"),
    same("depth-501-in-text", `{"x":"${"[".repeat(600)}"}`, "brackets in a text"),
    same("depth-many", `{"x":[${Array(600).fill("[{}]").join()}]}`, "many objects, but none of them deep"),
  ]),

  named("name-slashes", "train/epoch/3", "a name"),
  named("name-space", " ", "a name of one space"),
  named("name-dbx", "dbx", "a name that does not begin with dbx/"),
  named("name-longest", "n".repeat(1024), "1024 UTF-16 units"),
  named("name-longest-pairs", "🚀".repeat(512), "1024 UTF-16 units in 512 characters"),
  named("name-no-break-space", "\u00a0", "U+00A0 is not a control character"),
  ...under("F41", [
    refused("name-empty", "", "a name that a writer must refuse"),
    refused("name-too-long", "n".repeat(1025), "1025 UTF-16 units"),
    refused("name-too-long-pairs", "🚀".repeat(512) + "n", "1025 UTF-16 units"),
    refused("name-tab", "a\tb", "a control character"),
    refused("name-nul", "\0", "a control character"),
    refused("name-unit-separator", "a\x1f", "a control character"),
    refused("name-delete", "a\x7f", "a control character"),
    refused("name-next-line", "a\x85b", "a control character"),
    refused("name-last-control", "a\x9f", "a control character"),
    note("name-refused-no-ts", `{"event":""}`, ["", null, "{}"], "a name that a writer must refuse"),
  ]),

  own("dbx/start", `{"pid":1,"hostname":"box","heartbeat":30}`, "the life of a run begins"),
  own("dbx/heartbeat", `{}`, "it goes on"),
  own("dbx/end", `{"status":"finished","exitCode":0,"durationMs":5}`, "it ends"),
  own(
    "dbx/seal",
    `{"log":"log","size":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}`,
    "a seal",
  ),
  own(
    "dbx/file",
    `{"name":"a","size":3,"file":{"_dbx":"expfile","exp":"0resnet0exp01","name":"a","sha256":"${HASH}"}}`,
    "a file was kept",
  ),
  own("dbx/tag", `{"tag":"good","remove":true}`, "a note"),
  own("dbx/command", `{"id":"0command00001","command":"stop","run":"0resnet0run01"}`, "a request"),
  own("dbx/printed", `{"log":"printed","from":0,"size":57}`, "where printed lines are"),
  own("dbx/arrival", `{"log":"log","size":57,"since":1}`, "when lines arrived"),
  ...under("F47", [
    own("dbx/unknown", `{"x":1}`, "readers ignore events of dbx that they do not know; the line is in order"),
  ]),
];

const v0 = { version: 0 } as const;
const printed = { log: "printed" } as const;

/** Lines in v0, and lines of the logs `printed` and `printed_stderr`. */
export const PLACED_LINES: readonly Vector[] = [
  ...under("F74", [
    event("v0-plain", `{"event": "loss", "value": 1}`, ["loss", null, `{"value":1}`], "a line of version 0", v0),
    event("v0-ts", `{"event":"a","ts":5}`, ["a", null, `{"ts":5}`], "in version 0 ts is a key of the data", v0),
    event(
      "v0-ts-last",
      `{"event":"a","x":1,"ts":5.5}`,
      ["a", null, `{"x":1,"ts":5.5}`],
      "in version 0 ts is a key of the data",
      v0,
    ),
  ]),
  note("v0-event-last", `{"loss":1,"event":"a"}`, ["a", null, `{"loss":1}`], "event does not come first", v0),
  note("v0-nan", `{"event":"a","x":NaN}`, ["a", null, `{"x":{"_dbx":"nan"}}`], "bare NaN is taken as a value", v0),
  event(
    "printed-line",
    `{"ts":1767258004000,"event": "train/epoch/3", "loss": 0.25}`,
    ["train/epoch/3", 1767258004000, `{"loss":0.25}`],
    "a printed line",
    printed,
  ),
  event("printed-line-stderr", `{"ts":1,"event":"a"}`, ["a", 1, "{}"], "a printed line", { log: "printed_stderr" }),
  event(
    "printed-two-times",
    `{"ts":1767258004000,"event":"a","ts":5}`,
    ["a", 5, "{}"],
    "of two times the last one counts",
    printed,
  ),
  event(
    "printed-own-time-last",
    `{"ts":1,"event":"a","x":1,"ts":5}`,
    ["a", 5, `{"x":1}`],
    "wherever it stands",
    printed,
  ),
  event(
    "printed-deep",
    `{"ts":1,"event":"a","x":${deep(20)}}`,
    ["a", 1, `{"x":${deep(20)}}`],
    "as deep as any line",
    printed,
  ),
  note(
    "printed-time-fraction",
    `{"ts":1,"event":"a","ts":5.5}`,
    ["a", 5, "{}"],
    "its own time is not an integer",
    printed,
  ),
  note(
    "printed-time-text",
    `{"ts":1,"event":"a","ts":"x"}`,
    ["a", null, `{"ts":"x"}`],
    "of two times the last one counts, and is invalid",
    printed,
  ),
  event(
    "printed-event",
    `{"event":"a","ts":1,"x":2}`,
    ["a", 1, `{"x":2}`],
    "an event that is not a printed line",
    printed,
  ),
  note("printed-space", `{"ts": 1,"event":"a"}`, ["a", 1, "{}"], 'a printed line begins with {"ts":<digits>,', printed),
  note(
    "printed-nan",
    `{"ts":1,"event":"a","x":NaN}`,
    ["a", 1, `{"x":{"_dbx":"nan"}}`],
    "what was printed does not follow the rules of lines",
    printed,
  ),
  note(
    "printed-elsewhere",
    `{"ts":1,"event":"a"}`,
    ["a", 1, "{}"],
    "printed lines stand in printed and printed_stderr only",
    { log: "stdout" },
  ),
];
