import { createHash } from "node:crypto";
import { under, type Vector, type VectorFile } from "./vector.ts";

const T = 1767258000000;
const RUN = "runs/0resnet0run01";
const LIFE = `${RUN}/dbx.log.jsonl`;
const LOG = `${RUN}/log.jsonl`;
const PRINTED = `${RUN}/printed.log.jsonl`;
const EXPERIMENT_META = `{"id":"0resnet0exp01","createdAt":"2026-01-01T09:00:00.000Z"}\n`;
const RUN_META = `{"id":"0resnet0run01","createdAt":"2026-01-01T09:00:00.000Z"}\n`;
const START = `{"event":"dbx/start","ts":${T},"pid":1,"hostname":"box","heartbeat":30}\n`;
const LINES = `{"event":"a","ts":${T + 1},"x":1}\n{"event":"a","ts":${T + 2},"x":2}\n{"event":"a","ts":${
  T + 3
},"x":3}\n`;
/** The length of one of them. */
const ONE = LINES.length / 3;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
/** A seal of the first bytes of a file. */
const seal = (of: string, text: string): string => {
  return `{"event":"dbx/seal","ts":${T + 4},${of},"size":${text.length},"sha256":"${sha256(text)}"}\n`;
};
const ofLog = (text: string, log = "log"): string => seal(`"log":"${log}"`, text);
const DEFINITIONS = seal(`"definition":"experiment"`, EXPERIMENT_META) + seal(`"definition":"run"`, RUN_META);
/** A life with its end, which seals it. */
const ended = (life: string): string => {
  const head = `${life}{"event":"dbx/end","ts":${T + 5},"status":"finished"`;
  return `${head},"sha256":"${sha256(head)}"}\n`;
};

interface Found {
  readonly file: string;
  readonly kind: "broken-seal" | "short-log" | "growing-log";
  readonly offset?: number;
}

function run(
  id: string,
  files: Readonly<Record<string, string>>,
  found: readonly Found[],
  closed: boolean | undefined,
  reason: string,
): Vector {
  const all = { "meta.json": EXPERIMENT_META, [`${RUN}/meta.json`]: RUN_META, ...files };
  return { id, files: all, found, ...closed !== undefined && { closed }, reason };
}

const broken = (file: string, offset?: number): Found => ({
  file,
  kind: "broken-seal",
  ...offset !== undefined && { offset },
});
const SEALED = START + DEFINITIONS + ofLog(LINES);

/** Seals of the files of a run. */
export const SEALS: VectorFile = {
  about:
    "The files of an experiment with one run: what a check finds by the seals, and whether the run is closed (left out where something is damaged). `offset`: the bytes before it are as they were sealed.",
  vectors: [
    run("closed", { [LIFE]: ended(SEALED), [LOG]: LINES }, [], true, "all as it was sealed"),
    run(
      "closed-twice",
      { [LIFE]: ended(START + ofLog(LINES.slice(0, ONE)) + ofLog(LINES)), [LOG]: LINES },
      [],
      true,
      "the last seal of a log counts",
    ),
    run(
      "closed-life-sealed",
      { [LIFE]: ended(SEALED + ofLog(SEALED, "dbx")), [LOG]: LINES },
      [],
      true,
      "the log dbx is sealed like others",
    ),
    run(
      "closed-empty-log",
      { [LIFE]: ended(SEALED), [LOG]: LINES, [PRINTED]: "" },
      [],
      true,
      "a log without a seal in which nothing stands",
    ),
    run("closed-no-logs", { [LIFE]: ended(START) }, [], true, "no log but the life"),
    run("running", { [LIFE]: SEALED, [LOG]: LINES }, [], false, "no end"),
    run("no-life", { [LOG]: LINES }, [], false, "no log dbx, no seals"),
    run(
      "end-not-sealed-no-seals",
      { [LIFE]: `${START}{"event":"dbx/end","ts":${T},"status":"finished"}\n`, [LOG]: LINES },
      [],
      false,
      "other programs write no seals",
    ),
    run(
      "further-log",
      { [LIFE]: ended(SEALED), [LOG]: LINES, [PRINTED]: LINES },
      [],
      false,
      "a log without a seal in which something stands",
    ),
    run("grown", { [LIFE]: ended(SEALED), [LOG]: LINES + LINES }, [], false, "a seal says nothing of what follows"),
    run("grown-torn", { [LIFE]: ended(SEALED), [LOG]: LINES + "x" }, [], false, "one byte more"),
    run("behind-end", { [LIFE]: ended(SEALED) + `{"event":`, [LOG]: LINES }, [], false, "something behind the end"),
    run("end-torn", { [LIFE]: ended(SEALED).slice(0, -1), [LOG]: LINES }, [], false, "an end that is not whole"),
    run(
      "event-behind-end",
      { [LIFE]: ended(SEALED) + `{"event":"dbx/heartbeat","ts":${T + 9}}\n`, [LOG]: LINES },
      [],
      false,
      "the end is not the last line",
    ),
    run(
      "other-seals",
      {
        [LIFE]: ended(
          START + `{"event":"dbx/seal","ts":${T},"later":1,"size":3}\n` + seal(`"definition":"other"`, "x"),
        ),
      },
      [],
      true,
      "seals of what a reader does not know are not seals of logs",
    ),
    run(
      "seal-line-damaged",
      { [LIFE]: ended(START + ofLog(LINES).replace(`"size"`, `"size`)) },
      [],
      false,
      "a line with a seal is damaged: nobody knows of what it was",
    ),
    run(
      "short",
      { [LIFE]: ended(SEALED), [LOG]: LINES.slice(0, ONE) },
      [{ file: LOG, kind: "short-log" }],
      false,
      "shorter than sealed, of a run that ended",
    ),
    run(
      "missing",
      { [LIFE]: ended(SEALED) },
      [{ file: LOG, kind: "short-log" }],
      false,
      "a log that was sealed is not there",
    ),
    run(
      "growing",
      { [LIFE]: SEALED, [LOG]: LINES.slice(0, ONE) },
      [{ file: LOG, kind: "growing-log" }],
      false,
      "shorter than sealed, of a run that has not ended",
    ),
    run(
      "flipped",
      { [LIFE]: ended(SEALED), [LOG]: LINES.replace(`"x":2`, `"x":3`) },
      [broken(LOG, 0)],
      undefined,
      "a digit was flipped",
    ),
    run(
      "flipped-between",
      { [LIFE]: ended(START + ofLog(LINES.slice(0, ONE)) + ofLog(LINES)), [LOG]: LINES.replace(`"x":2`, `"x":3`) },
      [broken(LOG, ONE)],
      undefined,
      "the damage is behind the first seal that fits",
    ),
    run(
      "flipped-behind",
      { [LIFE]: SEALED, [LOG]: LINES + LINES.replace(`"x":2`, `"x":3`) },
      [],
      false,
      "a seal says nothing of what follows",
    ),
    run(
      "seal-damaged",
      { [LIFE]: START + ofLog(LINES.slice(0, ONE)).replace(/"sha256":"./, `"sha256":"f`) + ofLog(LINES), [LOG]: LINES },
      [broken(LOG)],
      undefined,
      "a later seal fits, so the seal is damaged",
    ),
    run(
      "flipped-life",
      { [LIFE]: ended(SEALED).replace(`"pid":1`, `"pid":3`), [LOG]: LINES },
      [broken(LIFE)],
      undefined,
      "the end seals the life",
    ),
    run(
      "flipped-life-running",
      { [LIFE]: (SEALED + ofLog(SEALED, "dbx")).replace(`"pid":1`, `"pid":3`), [LOG]: LINES },
      [broken(LIFE, 0)],
      undefined,
      "a seal of the log dbx in itself",
    ),
    run(
      "flipped-end-no-seals",
      { [LIFE]: ended(START).replace(`"pid":1`, `"pid":3`) },
      [broken(LIFE)],
      undefined,
      "the end seals itself, also where there are no other seals",
    ),
    run(
      "flipped-run",
      { [LIFE]: ended(SEALED), [LOG]: LINES, [`${RUN}/meta.json`]: RUN_META.replace("09:00:00", "09:00:01") },
      [broken(`${RUN}/meta.json`)],
      undefined,
      "the definition of the run",
    ),
    run(
      "flipped-experiment",
      { [LIFE]: ended(SEALED), [LOG]: LINES, "meta.json": EXPERIMENT_META.replace("09:00:00", "09:00:01") },
      [broken("meta.json")],
      undefined,
      "the definition of the experiment",
    ),
    run(
      "longer-definition",
      { [LIFE]: ended(SEALED), [LOG]: LINES, [`${RUN}/meta.json`]: RUN_META + " " },
      [broken(`${RUN}/meta.json`)],
      undefined,
      "of a definition all bytes are sealed",
    ),
    ...under("F62", [
      run(
        "line-feed-flipped",
        { [LIFE]: ended(SEALED).slice(0, -1) + "*", [LOG]: LINES },
        [broken(LIFE)],
        undefined,
        "the last line feed is another byte",
      ),
      run(
        "end-name-flipped",
        { [LIFE]: ended(SEALED).replace("dbx/end", "dbx/enf"), [LOG]: LINES },
        [broken(LIFE)],
        undefined,
        "the line that was the end is sealed",
      ),
      run(
        "end-not-sealed",
        { [LIFE]: `${SEALED}{"event":"dbx/end","ts":${T},"status":"finished"}\n`, [LOG]: LINES },
        [broken(LIFE)],
        undefined,
        "in a log with a seal the end has one too",
      ),
      run(
        "end-sealed-within",
        { [LIFE]: ended(SEALED).replace(/"\}\n$/, `","x":1}\n`), [LOG]: LINES },
        [broken(LIFE)],
        undefined,
        "sha256 is the last key",
      ),
    ]),
  ],
};
