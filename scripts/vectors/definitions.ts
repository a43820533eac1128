import { under, type Vector, type VectorFile } from "./vector.ts";

type Kind = "experiment" | "run";
type Given = string | { readonly hex: string };

const EXP = "0resnet0exp01";
const RUN = "0resnet0run01";
const T = 1767258000000;
const TIME = `"createdAt":"2026-01-01T09:00:00.000Z"`;
/** The text of a definition with some keys. */
const exp = (keys: string): string => `{"id":"${EXP}",${TIME}${keys}}`;
const run = (keys: string): string => `{"id":"${RUN}",${TIME}${keys}}`;

function vector(
  id: string,
  of: Kind,
  given: Given,
  verdict: string,
  value: object | undefined,
  reason: string,
): Vector {
  const bytes = typeof given === "string" ? { text: given } : given;
  return { id: `${of}-${id}`, of, ...bytes, verdict, ...value && { value }, reason };
}

/** What the definition of an experiment says, where it does not say the defaults. */
const e = (id: string, given: Given, value: object, reason: string, verdict = "fine"): Vector => {
  return vector(id, "experiment", given, verdict, {
    id: EXP,
    createdAt: T,
    kind: "",
    name: "",
    params: {},
    own: {},
    ...value,
  }, reason);
};
const r = (id: string, given: Given, value: object, reason: string, verdict = "fine"): Vector => {
  return vector(id, "run", given, verdict, { id: RUN, createdAt: T, own: {}, ...value }, reason);
};
const bad = (id: string, of: Kind, given: Given, reason: string): Vector =>
  vector(id, of, given, "damage", undefined, reason);
const json = (text: string): object => JSON.parse(text);

/** Definitions in v1. */
export const DEFINITIONS: VectorFile = {
  about:
    "Definitions of experiments and runs: fine, a note, or damage; and what they say. One that is damage and has a value is read anyway.",
  vectors: [
    e("least", exp(""), {}, "id and createdAt are needed"),
    e("all", exp(`,"kind":"train","name":"vision/resnet","params":{"lr":0.1},"dataset":"cifar10"`), {
      kind: "train",
      name: "vision/resnet",
      params: { lr: 0.1 },
      own: { dataset: "cifar10" },
    }, "all keys"),
    e(
      "nulls",
      exp(`,"kind":null,"name":null,"params":null,"x":null`),
      { own: { x: null } },
      "null is as absent; not so of the user's own keys",
    ),
    e("spaces", `{\n  "id": "${EXP}",\n  ${TIME}\n}\n`, {}, "white space"),
    e("order", `{"params":{},${TIME},"id":"${EXP}"}`, {}, "keys in any order"),
    e("keys-of-runs", exp(`,"cmd":1,"git":"x"`), { own: { cmd: 1, git: "x" } }, "keys of runs are the user's own here"),
    e("resume", exp(`,"resume":"job-7"`), { own: { resume: "job-7" } }, "a key that dbx writes as the user's own"),
    e("proto", exp(`,"params":{"__proto__":1},"__proto__":{"x":2}`), {
      params: json(`{"__proto__":1}`),
      own: json(`{"__proto__":{"x":2}}`),
    }, "a key like any other"),
    e("special", exp(`,"params":{"clip":{"_dbx":"inf"},"z":{"_dbx":"complex","re":1}}`), {
      params: { clip: { _dbx: "inf" }, z: { _dbx: "complex", re: 1 } },
    }, "special values, and one that is not known"),
    e("half", exp(String.raw`,"kind":"\ud800"`), { kind: "\ud800" }, "half of a surrogate pair as an escape"),
    e("time-offset", `{"id":"${EXP}","createdAt":"2026-01-01 11:00+0200"}`, {}, "another form of a time", "note"),
    e("time-number", `{"id":"${EXP}","createdAt":${T}.9}`, {}, "a number is rounded down", "note"),
    ...under("F15", [
      e(
        "twice",
        exp(`,"kind":"a","kind":"b","x":1,"x":2`),
        { kind: "b", own: { x: 2 } },
        "of a key that stands twice the last one counts",
      ),
      e("twice-type", exp(`,"kind":1,"kind":"b"`), { kind: "b" }, "the last one counts, whatever the first one was"),
    ]),
    ...under("F16", [
      e(
        "overflow",
        exp(`,"params":{"lr":1e999,"low":-1e999}`),
        { params: { lr: { _dbx: "inf" }, low: { _dbx: "-inf" } } },
        "beyond the range of a double: infinity",
        "note",
      ),
    ]),
    ...under("F17", [
      e(
        "bare",
        exp(`,"params":{"lr":NaN,"clip":Infinity,"low":-Infinity,"s":"NaN"}`),
        { params: { lr: { _dbx: "nan" }, clip: { _dbx: "inf" }, low: { _dbx: "-inf" }, s: "NaN" } },
        "bare words, as Python writes them",
        "note",
      ),
      e("bare-own", exp(`,"x":NaN`), { own: { x: { _dbx: "nan" } } }, "in the user's own keys", "note"),
      r("bare-own", run(`,"x":[NaN]`), { own: { x: [{ _dbx: "nan" }] } }, "in a run", "note"),
    ]),
    ...under("F18", [e("byte-order-mark", "\ufeff" + exp(""), {}, "a byte order mark is passed over", "note")]),
    ...under("F19", [
      e(
        "not-utf8",
        { hex: hex(`{"id":"${EXP}",${TIME},"kind":"gr`) + "f6" + hex(`n"}`) },
        { kind: "gr\ufffdn" },
        "U+FFFD stands for bytes that are not UTF-8",
        "damage",
      ),
    ]),
    ...under("F29", [
      bad("empty", "experiment", "", "not a JSON object"),
      bad("cut-off", "experiment", exp(`,"kind":"a"`).slice(0, -1), "not JSON"),
      bad("two", "experiment", exp("") + exp(""), "one JSON object"),
      bad("array", "experiment", `[${exp("")}]`, "not a JSON object"),
      bad("null", "experiment", "null", "not a JSON object"),
      bad("comma", "experiment", exp(`,"kind":"a",`), "not JSON"),
      bad("bare-other", "experiment", exp(`,"params":{"lr":nan}`), "no other word is taken"),
      bad("id-missing", "experiment", `{${TIME}}`, "no id"),
      bad("id-null", "experiment", `{"id":null,${TIME}}`, "no id"),
      bad("id-number", "experiment", `{"id":1234567890123,${TIME}}`, "an id is a text"),
      bad("time-missing", "experiment", `{"id":"${EXP}"}`, "no createdAt"),
      bad("time-null", "experiment", `{"id":"${EXP}","createdAt":null}`, "no createdAt"),
      bad("time-february-30", "experiment", `{"id":"${EXP}","createdAt":"2026-02-30T00:00:00Z"}`, "no time"),
      bad("time-text", "experiment", `{"id":"${EXP}","createdAt":"yesterday"}`, "no time"),
      bad("time-nan", "experiment", `{"id":"${EXP}","createdAt":NaN}`, "no time"),
      bad("time-overflow", "experiment", `{"id":"${EXP}","createdAt":1e999}`, "no time"),
      bad("kind-number", "experiment", exp(`,"kind":3`), "kind is a text"),
      bad("name-list", "experiment", exp(`,"name":["a"]`), "name is a text"),
      bad("params-list", "experiment", exp(`,"params":[]`), "params are an object"),
      bad("params-text", "experiment", exp(`,"params":"x"`), "params are an object"),
      bad("id-missing", "run", `{${TIME}}`, "no id"),
      bad("time-missing", "run", `{"id":"${RUN}"}`, "no createdAt"),
      bad("cmd-text", "run", run(`,"cmd":"python x.py"`), "cmd is a list"),
      bad("cmd-numbers", "run", run(`,"cmd":["python",1]`), "a list of texts"),
      bad("env-list", "run", run(`,"env":[]`), "env is an object"),
      bad("env-number", "run", run(`,"env":{"A":1}`), "an object of texts"),
      bad("env-null-within", "run", run(`,"env":{"A":null}`), "an object of texts"),
      bad("git-text", "run", run(`,"git":"abc"`), "git is an object"),
      bad("pwd-number", "run", run(`,"pwd":1`), "pwd is a text"),
      bad("script-true", "run", run(`,"script":true`), "script is a text"),
      bad("hostname-object", "run", run(`,"hostname":{}`), "hostname is a text"),
    ]),
    r("least", run(""), {}, "id and createdAt are needed"),
    r(
      "all",
      run(
        `,"cmd":["python","x.py"],"pwd":"/a","script":"/a/x.py","hostname":"box","env":{"A":""},"git":{"commit":"c","dirty":true},"x":1`,
      ),
      {
        cmd: ["python", "x.py"],
        pwd: "/a",
        script: "/a/x.py",
        hostname: "box",
        env: { A: "" },
        git: { commit: "c", dirty: true },
        own: { x: 1 },
      },
      "all keys",
    ),
    r(
      "nulls",
      run(`,"cmd":null,"pwd":null,"script":null,"hostname":null,"env":null,"git":null`),
      {},
      "null is as absent",
    ),
    r(
      "empty",
      run(`,"cmd":[],"env":{},"git":{},"pwd":""`),
      { cmd: [], env: {}, git: {}, pwd: "" },
      "empty values are values",
    ),
    r("keys-of-experiments", run(`,"kind":1,"name":2,"params":{"lr":1}`), {
      own: { kind: 1, name: 2, params: { lr: 1 } },
    }, "keys of experiments are the user's own here"),
    ...under("F30", [
      r("git-types", run(`,"git":{"commit":1,"branch":null,"dirty":"yes","changes":{},"diff":[],"x":1}`), {
        git: { commit: 1, branch: null, dirty: "yes", changes: {}, diff: [], x: 1 },
      }, "within git nothing is damage"),
    ]),
  ],
};

function hex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
