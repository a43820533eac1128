import {
  EXP,
  experiment,
  expfile,
  file,
  line,
  MARKER,
  notes,
  object,
  OTHER,
  repeated,
  run,
  state,
} from "../samples.ts";
import type { Plan } from "../scenario.ts";

const V0 = "Ab3_x9ZkQ0pLm";

/** More small files than are asked for one by one. */
const MANY = Array.from({ length: 40 }, (_, at) => experiment(`00000000000${at + 10}`, "", at));

/** Every kind of file that a repository has. */
const ALL = state(
  experiment(OTHER, `größe/a"b`, 3),
  experiment(),
  run({
    "dbx.log.jsonl": line("dbx/start"),
    "log.jsonl": line("train/epoch/0", { loss: 0.5, model: expfile("the bytes of a model") }) +
      line("train/epoch/1", { loss: 0.25, note: "größer" }),
    "stdout.log.jsonl": "",
  }),
  notes("0replica00001", line("dbx/tag", { tag: "best" })),
  object("the bytes of a model"),
  object(""),
  {
    [`${V0}/meta.json`]: file(`{"kind":"old","cmd":["x"],"params":{"lr":NaN}}`, 10),
    [`${V0}/log.jsonl`]: file(`{"event":"v0"}\n`, 11),
    [`${V0}/sub/model.bin`]: file(Uint8Array.of(0, 255, 10, 13), 12),
    [`${V0}/files.json`]: file(`{"sub/model.bin":"00"}`, 13),
  },
);

const SMALL = state(experiment(), run({ "log.jsonl": line("train/epoch/0", { loss: 0.5 }) }));

/** Whole repositories. */
export const WHOLE: readonly Plan[] = [
  {
    name: "clone",
    spec: ["S25", "S21"],
    about: "A new copy gets every kind of file, from an experiment of version 0 to an empty object.",
    does: "pull",
    client: null,
    server: ALL,
  },
  {
    name: "push_to_nothing",
    spec: ["S25"],
    about: "All goes to a server that has an empty folder: its marker is made, then the rest.",
    does: "push",
    client: ALL,
    server: { files: {} },
  },
  {
    name: "push_to_empty",
    about: "All goes to a repository without experiments.",
    does: "push",
    client: ALL,
    server: state(),
  },
  {
    name: "equal",
    spec: ["S31"],
    about: "Both have the same files with the same times, and were never compared: proofs say so, and nothing is sent.",
    does: "sync",
    client: SMALL,
    server: SMALL,
  },
  {
    name: "other_times",
    about: "Both have the same bytes with other times: the target gets the times of the source.",
    does: "push",
    client: SMALL,
    server: {
      files: Object.fromEntries(
        Object.entries(SMALL.files).map(([name, one]) => [name, { ...one, time: one.time! + 500 }]),
      ),
    },
  },
  {
    name: "many_equal",
    spec: ["S114"],
    about: "Many files are equal, with times that nobody trusts: one digest comes for their proofs. One log is longer.",
    does: "pull",
    client: state(experiment(), ...MANY, run({ "log.jsonl": line("a") })),
    server: state(experiment(), ...MANY, run({ "log.jsonl": line("a") + line("b") })),
  },
  {
    name: "unknown_version",
    spec: ["S23"],
    about: "A repository of a version that the client does not know is refused before anything is written.",
    does: "pull",
    client: null,
    server: { files: { "dbx.json": file(`{"dbx":2,"id":"0000000000abc","createdAt":"2001-09-09T01:46:40.000Z"}\n`) } },
  },
  {
    name: "selective_pull",
    about:
      "One of two experiments is asked for, and comes with the object that it refers to, and not with the other one's.",
    does: "pull",
    select: { ids: [EXP] },
    client: state(),
    server: state(
      experiment(),
      run({ "log.jsonl": line("model", { file: expfile("mine") }) }),
      experiment(OTHER),
      run({ "log.jsonl": line("model", { file: expfile("another one's") }) }, { id: OTHER }),
      object("mine"),
      object("another one's"),
    ),
  },
  {
    name: "objects_small_first",
    about: "Objects come last, from small to large.",
    does: "pull",
    client: { files: { "dbx.json": MARKER } },
    server: state(experiment(), object(repeated("a", 2000)), object(repeated("b", 1000)), object(repeated("c", 10))),
  },
];
