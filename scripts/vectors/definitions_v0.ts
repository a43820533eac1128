import { under, type Vector, type VectorFile } from "./vector.ts";

const ID = "Ab3_x9ZkQ0pLm";
const T = 1767258000000;

/** `said`: what differs from a definition that says nothing. */
function v0(
  id: string,
  text: string,
  said: { experiment?: object; run?: object },
  reason: string,
  path = `mnist/cnn/${ID}`,
): Vector {
  const name = path.split("/").slice(0, -1).join("/");
  const experiment = { id: ID, createdAt: null, kind: "", name, params: {}, own: {}, ...said.experiment };
  const run = { id: ID, createdAt: experiment.createdAt, own: {}, ...said.run };
  return { id, path: `${path}/meta.json`, text, value: { experiment, run }, reason };
}

const at = (createdAt: number) => ({ experiment: { createdAt } });

/** Definitions in v0, which hold both the experiment and its run. */
export const DEFINITIONS_V0: VectorFile = {
  about:
    "Definitions of version 0, by their path: the experiment and its run; createdAt is null where it is not known. `value` is null where the definition is damage.",
  vectors: under("F74", [
    v0("empty", "{}", {}, "any key may be absent"),
    v0("top", "{}", {}, "without folders above there is no name", ID),
    v0(
      "all",
      `{"id":"${ID}","kind":"train","name":"n","params":{"lr":1},"cmd":["a","b"],"env":{"A":"1"},"git":{"commit":"c"},"hostname":"box","pwd":"/a","script":"/a/b","x":1}`,
      {
        experiment: { kind: "train", name: "n", params: { lr: 1 }, own: { x: 1 } },
        run: { cmd: ["a", "b"], env: { A: "1" }, git: { commit: "c" }, hostname: "box", pwd: "/a", script: "/a/b" },
      },
      "keys of the experiment, of the run, and the user's own, which are the experiment's",
    ),
    v0(
      "nulls",
      `{"id":null,"kind":null,"name":null,"params":null,"cmd":null,"env":null,"git":null,"createdAt":null,"x":null}`,
      { experiment: { own: { x: null } } },
      "null is as absent; not so of the user's own keys",
    ),
    v0("id-other", `{"id":"0other00exp99"}`, {}, "the folder's name is the id"),
    v0("cmd-text", `{"cmd":"python a.py"}`, { run: { cmd: ["python a.py"] } }, "cmd as one text"),
    v0("name-empty", `{"name":""}`, { experiment: { name: "" } }, "a name that is empty is there"),
    v0("types-experiment", `{"kind":3,"name":4,"params":"x"}`, {
      experiment: { own: { kind: 3, name: 4, params: "x" } },
    }, "values of unexpected types are own keys, of the experiment"),
    v0("types-run", `{"cmd":7,"env":{"A":1},"git":[],"hostname":1,"pwd":2,"script":3}`, {
      run: { own: { cmd: 7, env: { A: 1 }, git: [], hostname: 1, pwd: 2, script: 3 } },
    }, "or of the run"),
    v0("types-cmd", `{"cmd":["a",1]}`, { run: { own: { cmd: ["a", 1] } } }, "a list of texts, or none"),
    v0("time", `{"createdAt":"2026-01-01T09:00:00.000Z"}`, at(T), "a time"),
    v0("time-text", `{"createdAt":"2026-01-01 09:00"}`, at(T), "a time"),
    v0("time-seconds", `{"createdAt":1767258000.5}`, at(T + 500), "seconds, as time.time() of Python counts"),
    v0("time-milliseconds", `{"createdAt":1767258000000}`, at(T), "milliseconds"),
    v0("time-border", `{"createdAt":100000000000}`, at(100000000000), "from 10^11 on they are milliseconds"),
    v0("time-below-border", `{"createdAt":99999999999}`, at(99999999999000), "below they are seconds"),
    v0("time-zero", `{"createdAt":0}`, at(0), "1970"),
    v0(
      "time-bad",
      `{"createdAt":"yesterday"}`,
      { experiment: { own: { createdAt: "yesterday" } } },
      "what is not a time is an own key",
    ),
    v0("bare", `{"params":{"lr":NaN,"clip":-Infinity}}`, {
      experiment: { params: { lr: { _dbx: "nan" }, clip: { _dbx: "-inf" } } },
    }, "bare words, as Python writes them"),
    v0(
      "overflow",
      `{"params":{"lr":1e999}}`,
      { experiment: { params: { lr: { _dbx: "inf" } } } },
      "beyond the range of a double: infinity",
    ),
    v0("byte-order-mark", `\ufeff{"kind":"a"}`, { experiment: { kind: "a" } }, "a byte order mark is passed over"),
    { id: "cut-off", path: `${ID}/meta.json`, text: `{"kind":"a"`, value: null, reason: "not JSON" },
    { id: "array", path: `${ID}/meta.json`, text: `[]`, value: null, reason: "not an object" },
  ]),
};
