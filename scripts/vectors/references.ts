import { type Bytes, under, type Vector, type VectorFile } from "./vector.ts";

const ONE = "8f5d0fbee6d9490ec4fe25e6dec857a2811af2f37e27d9b869dd8ee6528b27c3";
const TWO = "934e96d60f7bb7eb10a6a9ef219d96f758ee77668c2dd8f33c63cf99e4c3c80c";
const file = (sha256: string): string => `{"_dbx":"expfile","exp":"0resnet0exp01","name":"a","sha256":"${sha256}"}`;
const line = (data: string): string => `{"event":"a","ts":1,${data}}\n`;

type Given = string | { readonly hex: string };

/** `any`: it may refer to any object. */
function of(
  kind: "log" | "files log" | "definition",
  id: string,
  given: Given,
  objects: readonly string[],
  any: boolean,
  reason: string,
): Vector {
  const bytes: Bytes = typeof given === "string" ? { text: given } : given;
  return { id: `${kind.replace(" ", "-")}-${id}`, of: kind, ...bytes, objects, any, reason };
}

const kept = (sha256: string, more = ""): string => {
  return `{"event":"dbx/file","ts":1,"name":"a","size":3,"file":${file(sha256)}${more}}\n`;
};
const unkept = (sha256: string, name = "a"): string => {
  return `{"event":"dbx/unkept","ts":2,"name":"${name}","sha256":"${sha256}"}\n`;
};

/** Logs that say what need not be kept. */
const FILES = under("F81", [
  of("files log", "kept", kept(ONE) + kept(TWO), [ONE, TWO], false, "nothing is unkept"),
  of("files log", "unkept", kept(ONE) + kept(TWO) + unkept(ONE), [TWO], false, "a version that need not be kept"),
  of("files log", "again", kept(ONE) + unkept(ONE) + kept(ONE), [ONE], false, "kept again"),
  of("files log", "before", unkept(ONE) + kept(ONE), [ONE], false, "only lines before it"),
  of("files log", "other-name", kept(ONE) + unkept(ONE, "b"), [ONE], false, "another file of the same contents"),
  of("files log", "twice", kept(ONE) + kept(ONE) + unkept(ONE), [], false, "all lines before it"),
  of("files log", "more", kept(ONE, `,"by":{"lr":1}`) + unkept(ONE), [ONE], false, "another object in the line"),
  of("files log", "value", line(`"x":${file(ONE)}`) + unkept(ONE), [ONE], false, "another event"),
  of("files log", "torn", kept(ONE) + unkept(ONE).slice(0, -1), [ONE], false, "not a line yet"),
  of("files log", "spaces", kept(ONE) + unkept(ONE).replaceAll(`":`, `": `), [ONE], false, "with spaces"),
  of("files log", "damage", kept(ONE) + "{\n" + unkept(ONE), [], true, "a line that is damaged may refer to any"),
  of("log", "unkept", kept(ONE) + unkept(ONE), [ONE], false, "only in the log files"),
]);

/** What refers to which objects. */
export const REFERENCES: VectorFile = {
  about:
    "Logs and definitions: the objects that they refer to for a collector, and whether they may refer to any other (`any`).",
  vectors: [
    ...under(["F66", "F67"], [
      of("log", "none", line(`"x":1`), [], false, "no file"),
      of("log", "one", line(`"x":${file(ONE)}`), [ONE], false, "a file"),
      of("log", "nested", line(`"x":[{"y":[${file(ONE)},${file(TWO)}]}]`), [ONE, TWO], false, "at any depth"),
      of(
        "log",
        "spaces",
        line(`"x": { "_dbx" : "expfile", "sha256" : "${ONE}" , "exp":"", "name":"" }`),
        [ONE],
        false,
        "white space, keys in any order",
      ),
      of(
        "log",
        "escape",
        line(String.raw`"x":{"_dbx":"\u0065xpfile","exp":"","name":"","sha256":"${ONE}"}`),
        [ONE],
        false,
        "an escape stands for its letter",
      ),
      of(
        "log",
        "escape-key",
        line(String.raw`"x":{"\u005fdbx":"expfil\u0065","exp":"","name":"","sha25\u0036":"${ONE}"}`),
        [ONE],
        false,
        "in keys too",
      ),
      of(
        "log",
        "escape-hash",
        line(String.raw`"x":{"_dbx":"expfile","exp":"","name":"","sha256":"\u0038${ONE.slice(1)}"}`),
        [ONE],
        false,
        "in the hash too",
      ),
      of("log", "bare", line(`"y":NaN,"x":${file(ONE)}`), [ONE], false, "beside a bare word"),
      of("log", "irregular", `{"x":${file(ONE)},"event":"a"}\n`, [ONE], false, "in a line that a check notes"),
      of(
        "log",
        "reffile",
        line(`"x":{"_dbx":"reffile","path":"/a","hostname":"b","sha256":"${ONE}"}`),
        [],
        false,
        "a file outside of the repository",
      ),
      of("log", "hash-only", line(`"x":"${ONE}"`), [], false, "a text"),
      of("log", "capital", line(`"x":${file(ONE.toUpperCase())}`), [], false, "no hash"),
      of(
        "log",
        "dbx-file",
        `{"event":"dbx/file","ts":1,"name":"a","size":3,"file":${file(ONE)}}\n`,
        [ONE],
        false,
        "an event of dbx",
      ),
      of(
        "log",
        "carriage-return",
        line(`"x":${file(ONE)}`).replace("\n", "\r\n"),
        [ONE],
        false,
        "white space at the end",
      ),
      of("log", "two-lines", line(`"x":${file(ONE)}`) + line(`"x":${file(TWO)}`), [ONE, TWO], false, "in each line"),
      of(
        "log",
        "torn",
        line(`"x":1`) + line(`"x":${file(ONE)}`).slice(0, -1),
        [ONE],
        false,
        "a torn tail may become a line",
      ),
      of(
        "log",
        "torn-escape",
        String.raw`{"event":"a","x":{"_dbx":"expfile","exp":"","name":"","sha256":"\u0038${ONE.slice(1)}"}}`,
        [ONE],
        false,
        "escapes in a torn tail",
      ),
      of(
        "log",
        "torn-object",
        `{"event":"a","ts":1,"x":{"_dbx":"expfile","exp":"0resnet0exp01","name":"a","sha256":"${ONE}"`,
        [ONE],
        false,
        "a torn tail may become a line",
      ),
      of(
        "log",
        "damage",
        line(`"x":${file(ONE)}`) + "hello\n",
        [ONE],
        true,
        "a line that is damaged may refer to any object",
      ),
      of(
        "log",
        "damage-cut",
        `{"event":"a","x":{"_dbx":"expfile","sha256":"${ONE}"\n`,
        [ONE],
        true,
        "and to those whose hashes stand in it",
      ),
      of(
        "log",
        "empty-line",
        "\n" + line(`"x":${file(ONE)}`) + " \r\n",
        [ONE],
        false,
        "an empty line refers to nothing",
      ),
      of("log", "no-event", `{"x":${file(ONE)}}\n`, [ONE], false, "a line that is not an event, but JSON"),
      of("log", "not-utf8", { hex: "7b226576656e74223a2261ff227d0a" }, [], true, "bytes that are not UTF-8"),
      of("definition", "none", `{"id":"0resnet0exp01"}`, [], false, "no file"),
      of("definition", "params", `{"id":"0resnet0exp01","params":{"init":${file(ONE)}}}`, [ONE], false, "in params"),
      of(
        "definition",
        "git",
        `{\n"id":"0resnet0run01",\n"git":{\n"diff":${file(ONE)}\n}\n}\n`,
        [ONE],
        false,
        "in git, over many lines",
      ),
      of("definition", "own", `{"id":"0resnet0exp01","x":[[${file(ONE)}]]}`, [ONE], false, "in the user's own keys"),
      of(
        "definition",
        "bare",
        `{"id":"0resnet0exp01","params":{"lr":NaN,"init":${file(ONE)}}}`,
        [ONE],
        false,
        "beside a bare word",
      ),
      of(
        "definition",
        "damage",
        `{"id":"0resnet0exp01","params":{"init":${file(ONE)}`,
        [ONE],
        true,
        "a definition that is damaged",
      ),
      of("definition", "empty", ``, [], true, "a definition that is damaged"),
    ]),
    ...FILES,
  ],
};
