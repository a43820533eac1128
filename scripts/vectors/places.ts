import { under, type Vector, type VectorFile } from "./vector.ts";

const EXP = "0resnet0exp01";
const RUN = "0resnet0run01";
const REPLICA = "0laptop0repl1";
const OLD = "Ab3_x9ZkQ0pLm";
const HASH = "8f5d0fbee6d9490ec4fe25e6dec857a2811af2f37e27d9b869dd8ee6528b27c3";
const IN = `vision/${EXP}`;
const OF_RUN = { what: "log", experiment: IN, run: RUN };

const is = (id: string, path: string, place: Readonly<Record<string, string>>, reason: string): Vector => {
  return { id, path, place, reason };
};
const none = (id: string, path: string, reason: string): Vector => ({ id, path, place: null, reason });

/** What the file of a path is. */
export const PLACES: VectorFile = {
  about: "What the file of a path is, as its name says. A file that an experiment of version 0 may have is called old.",
  vectors: [
    is("marker", "dbx.json", { what: "marker" }, "the marker"),
    is("experiment", `${IN}/meta.json`, { what: "experiment", experiment: IN }, "the definition of an experiment"),
    is("experiment-top", `${EXP}/meta.json`, { what: "experiment", experiment: EXP }, "an experiment without a name"),
    is(
      "experiment-deep",
      `a/b/c d/${EXP}/meta.json`,
      { what: "experiment", experiment: `a/b/c d/${EXP}` },
      "a name of three folders",
    ),
    is("experiment-old-id", `a/${OLD}/meta.json`, { what: "experiment", experiment: `a/${OLD}` }, "an id of version 0"),
    is("experiment-below-old-id", `Folder1234567/${EXP}/meta.json`, {
      what: "experiment",
      experiment: `Folder1234567/${EXP}`,
    }, "a segment of a name may have the shape of an id of version 0"),
    is("run", `${IN}/runs/${RUN}/meta.json`, { what: "run", experiment: IN, run: RUN }, "the definition of a run"),
    is("log", `${IN}/runs/${RUN}/log.jsonl`, { ...OF_RUN, log: "log" }, "the default log"),
    is("log-named", `${IN}/runs/${RUN}/stdout.log.jsonl`, { ...OF_RUN, log: "stdout" }, "another log"),
    is(
      "log-dots",
      `${IN}/runs/${RUN}/val.best-1.log.jsonl`,
      { ...OF_RUN, log: "val.best-1" },
      "dots in the name of a log",
    ),
    is("log-log", `${IN}/runs/${RUN}/x.log.log.jsonl`, { ...OF_RUN, log: "x.log" }, "a log named x.log"),
    ...under("F13", [
      is(
        "log-space",
        `${IN}/runs/${RUN}/a b.log.jsonl`,
        { ...OF_RUN, log: "a b" },
        "readers accept further characters in the names that they find",
      ),
      is(
        "log-umlaut",
        `${IN}/runs/${RUN}/größe.log.jsonl`,
        { ...OF_RUN, log: "größe" },
        "readers accept further characters in the names that they find",
      ),
      is(
        "log-hyphen",
        `${IN}/runs/${RUN}/-a.log.jsonl`,
        { ...OF_RUN, log: "-a" },
        "readers accept further characters in the names that they find",
      ),
    ]),
    is(
      "notes",
      `${IN}/notes/${REPLICA}.log.jsonl`,
      { what: "notes", experiment: IN, replica: REPLICA },
      "what one copy says",
    ),
    is("object", `objects/8f/${HASH}`, { what: "object" }, "the bytes of a file"),
    is("tombstone", `purged/${EXP}.json`, { what: "tombstone", of: EXP }, "something was purged"),
    is("tombstone-old", `purged/${OLD}.json`, { what: "tombstone", of: OLD }, "an id of version 0"),
    is("old-log", `${OLD}/log.jsonl`, { what: "old log", experiment: OLD }, "a log of version 0"),
    is(
      "old-log-named",
      `mnist/${OLD}/eval.log.jsonl`,
      { what: "old log", experiment: `mnist/${OLD}` },
      "a further log of version 0",
    ),
    is(
      "old-registry",
      `mnist/${OLD}/files.json`,
      { what: "old registry", experiment: `mnist/${OLD}` },
      "the hashes of files of version 0",
    ),
    is("old-file", `mnist/${OLD}/model.bin`, { what: "old file", experiment: `mnist/${OLD}` }, "a file of version 0"),
    is(
      "old-file-below",
      `mnist/${OLD}/plots/curve.txt`,
      { what: "old file", experiment: `mnist/${OLD}` },
      "a file of version 0 with a slash in its name",
    ),
    none("log-log-log", `${IN}/runs/${RUN}/log.log.jsonl`, "log.log.jsonl is not a log"),
    none("log-empty", `${IN}/runs/${RUN}/.log.jsonl`, "a name of no characters, and a dot in front"),
    none("log-upper", `${IN}/runs/${RUN}/LOG.JSONL`, "names differ by case"),
    none("run-file", `${IN}/runs/${RUN}/model.bin`, "a run holds its definition and logs"),
    none("run-below", `${IN}/runs/${RUN}/logs/x.log.jsonl`, "a run holds no folders"),
    none("run-no-id", `${IN}/runs/first/meta.json`, "a run has an id"),
    none("runs-file", `${IN}/runs/meta.json`, "runs/ holds runs"),
    none("notes-default", `${IN}/notes/log.jsonl`, "notes have the id of a copy"),
    none("notes-file", `${IN}/notes/todo.txt`, "notes/ holds logs"),
    none("notes-below", `${IN}/notes/x/${REPLICA}.log.jsonl`, "notes/ holds no folders"),
    none("top-file", "README.md", "nothing but the marker stands at the top"),
    none("top-meta", "meta.json", "a definition stands in the folder of an id"),
    none("folder-meta", "vision/meta.json", "a definition stands in the folder of an id"),
    none("marker-below", "vision/dbx.json", "the marker stands at the top"),
    none("object-shelf", `objects/8e/${HASH}`, "the first two digits of the hash"),
    none("object-upper", `objects/8F/${HASH.toUpperCase()}`, "lower-case digits"),
    none("object-short", "objects/8f/8f5d", "64 digits"),
    none("object-below", `objects/8f/${HASH}/x`, "an object is a file"),
    none("object-top", `objects/${HASH}`, "in a folder of two digits"),
    none("tombstone-no-id", "purged/first.json", "a tombstone has an id"),
    none("tombstone-below", `purged/x/${EXP}.json`, "it stands in purged/ itself"),
    ...under("F1", [
      none("local", ".dbx/replica", "it belongs to this copy only"),
      none("hidden-folder", `.old/${EXP}/meta.json`, "a name that begins with a dot"),
      none("hidden-log", `${IN}/runs/${RUN}/.x.log.jsonl`, "a name that begins with a dot"),
      none("temporary", `${IN}/.tmp-meta.json`, "a file that is being made"),
    ]),
    none("absolute", `/${EXP}/meta.json`, "a path is relative"),
    none("empty-segment", `a//${EXP}/meta.json`, "an empty segment"),
    none("dots", `a/../${EXP}/meta.json`, "a segment that begins with a dot"),
    none("backslash", `a\\b/${EXP}/meta.json`, "a backslash"),
    none("control", `a\nb/${EXP}/meta.json`, "a control character"),
    none("drive", `C:/${EXP}/meta.json`, "a Windows drive"),
    none("half", `\ud800/${EXP}/meta.json`, "half of a surrogate pair"),
  ],
};
