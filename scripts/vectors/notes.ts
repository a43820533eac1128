import { under, type Vector, type VectorFile } from "./vector.ts";

const A = "0laptop0repl1";
const B = "0server0repl2";
const RUN = "0resnet0run01";
const OTHER_RUN = "0resnet0run02";
/** The last moment that common clocks can show. */
const LAST = 8640000000000000;

const line = (event: string, ts: number | string | undefined, data = ""): string => {
  return `{"event":"dbx/${event}"${ts === undefined ? "" : `,"ts":${ts}`}${data && "," + data}}\n`;
};
const tag = (name: string, ts: number | string | undefined, more = ""): string =>
  line("tag", ts, `"tag":"${name}"${more}`);
const REMOVE = `,"remove":true`;
const OF_RUN = `,"run":"${RUN}"`;

interface Said {
  readonly tags?: readonly string[];
  readonly runTags?: Readonly<Record<string, readonly string[]>>;
  readonly notes?: readonly { readonly text: string; readonly run?: string }[];
  readonly name?: string | null;
  readonly deleted?: boolean;
}

/** `next`: the `ts` that a writer whose clock says 1000 writes. */
function notes(id: string, logs: Readonly<Record<string, string>>, said: Said, next: number, reason: string): Vector {
  return { id, logs, value: { tags: [], runTags: {}, notes: [], name: null, deleted: false, ...said }, next, reason };
}

/** Notes of several copies. */
export const NOTES: VectorFile = {
  about:
    "Notes of an experiment, by the id of the copy that wrote them: the tags, those of its runs, the remarks in order, the name that it was given since, and whether it is deleted. `next` is the `ts` that a writer whose clock says 1000 has to write.",
  vectors: under(["F49", "F50", "F51", "F83"], [
    notes("none", {}, {}, 1000, "nothing was said"),
    notes("tag", { [A]: tag("good", 10) }, { tags: ["good"] }, 1000, "a tag"),
    notes("tag-twice", { [A]: tag("good", 10) + tag("good", 11) }, { tags: ["good"] }, 1000, "a tag is there or not"),
    notes("tag-removed", { [A]: tag("good", 10) + tag("good", 11, REMOVE) }, {}, 1000, "it is taken away"),
    notes(
      "tag-again",
      { [A]: tag("good", 10) + tag("good", 11, REMOVE) + tag("good", 12) },
      { tags: ["good"] },
      1000,
      "the last word counts",
    ),
    notes("tag-removed-elsewhere", { [A]: tag("good", 10), [B]: tag("good", 11, REMOVE) }, {}, 1000, "over all copies"),
    notes(
      "tag-removed-before",
      { [A]: tag("good", 11), [B]: tag("good", 10, REMOVE) },
      { tags: ["good"] },
      1000,
      "by the times",
    ),
    notes(
      "tag-other",
      { [A]: tag("good", 10), [B]: tag("bad", 11, REMOVE) },
      { tags: ["good"] },
      1000,
      "each tag by itself",
    ),
    notes(
      "tag-remove-false",
      { [A]: tag("good", 10, `,"remove":false`) },
      { tags: ["good"] },
      1000,
      "only true takes it away",
    ),
    notes(
      "tag-remove-text",
      { [A]: tag("good", 10) + tag("good", 11, `,"remove":"true"`) },
      { tags: ["good"] },
      1000,
      "only true takes it away",
    ),
    notes(
      "same-time",
      { [B]: tag("good", 10), [A]: tag("good", 10, REMOVE) },
      { tags: ["good"] },
      1000,
      "equal times: by the id of the copy, and 0server0repl2 is the later one",
    ),
    notes(
      "same-time-other",
      { [B]: tag("good", 10, REMOVE), [A]: tag("good", 10) },
      {},
      1000,
      "equal times: by the id of the copy",
    ),
    notes(
      "same-time-same-copy",
      { [A]: tag("good", 10, REMOVE) + tag("good", 10) },
      { tags: ["good"] },
      1000,
      "then by the order in the file",
    ),
    notes(
      "run",
      { [A]: tag("good", 10, OF_RUN) },
      { runTags: { [RUN]: ["good"] } },
      1000,
      "a tag of a run is not the experiment's",
    ),
    notes(
      "run-and-experiment",
      { [A]: tag("good", 10) + tag("good", 11, OF_RUN + REMOVE) },
      { tags: ["good"] },
      1000,
      "what is said of a run takes nothing from the experiment",
    ),
    notes(
      "two-runs",
      { [A]: tag("good", 10, OF_RUN) + tag("good", 11, `,"run":"${OTHER_RUN}"`) + tag("good", 12, OF_RUN + REMOVE) },
      { runTags: { [OTHER_RUN]: ["good"] } },
      1000,
      "each run by itself",
    ),
    notes(
      "remarks",
      {
        [A]: line("note", 20, `"text":"b"`),
        [B]: line("note", 10, `"text":"a"`) + line("note", 30, `"text":"c"${OF_RUN}`),
      },
      { notes: [{ text: "a" }, { text: "b" }, { text: "c", run: RUN }] },
      1000,
      "in the order of their times",
    ),
    notes(
      "remark-removed",
      {
        [A]: line("note", 10, `"text":"a"`) + line("note", 20, `"text":"b"`),
        [B]: line("note", 30, `"text":"a"${REMOVE}`),
      },
      { notes: [{ text: "b" }] },
      1000,
      "a note is taken away by its text",
    ),
    notes(
      "remark-removed-of-run",
      {
        [A]: line("note", 10, `"text":"a"`) + line("note", 20, `"text":"a"${OF_RUN}`) +
          line("note", 30, `"text":"a"${REMOVE}`),
      },
      { notes: [{ text: "a", run: RUN }] },
      1000,
      "that of a run is another one",
    ),
    notes(
      "remark-again",
      {
        [A]: line("note", 10, `"text":"a"`) + line("note", 20, `"text":"a"${REMOVE}`) + line("note", 30, `"text":"a"`),
      },
      { notes: [{ text: "a" }] },
      1000,
      "only those before it",
    ),
    notes("name", { [A]: line("rename", 10, `"name":"a/b"`) }, { name: "a/b" }, 1000, "another name"),
    notes(
      "name-again",
      { [A]: line("rename", 20, `"name":"b"`), [B]: line("rename", 10, `"name":"a"`) },
      { name: "b" },
      1000,
      "the last word counts",
    ),
    notes(
      "name-as-at-first",
      { [A]: line("rename", 10, `"name":"a"`) + line("rename", 20, `"undo":true`) },
      {},
      1000,
      "without a name: that of the definition",
    ),
    notes(
      "name-number",
      { [A]: line("rename", 10, `"name":"a"`) + line("rename", 20, `"name":1`) },
      { name: "a" },
      1000,
      "a name that is not a text says nothing",
    ),
    notes("delete", { [A]: line("delete", 10) }, { deleted: true }, 1000, "deleted"),
    notes("restore", { [A]: line("delete", 10), [B]: line("restore", 11) }, {}, 1000, "taken back"),
    notes(
      "delete-after",
      { [A]: line("delete", 11), [B]: line("restore", 10) },
      { deleted: true },
      1000,
      "by the times",
    ),
    notes(
      "clock-back",
      { [A]: line("delete", 50) + line("restore", 10), [B]: line("delete", 40) },
      {},
      1000,
      "a line is never before the one above it",
    ),
    notes(
      "clock-ahead",
      { [A]: line("delete", 5000) },
      { deleted: true },
      5001,
      "the next one is later, whatever the clock says",
    ),
    notes(
      "no-ts",
      { [A]: tag("good", undefined), [B]: tag("good", 0, REMOVE) },
      {},
      1000,
      "without a ts the time is 0",
    ),
    notes(
      "no-ts-later",
      { [A]: tag("x", 20) + tag("good", undefined), [B]: tag("good", 10, REMOVE) },
      { tags: ["x", "good"] },
      1000,
      "without a ts the time is that of the line above",
    ),
    notes("negative", { [A]: tag("good", -5), [B]: tag("good", 0, REMOVE) }, {}, 1000, "a negative ts says nothing"),
    notes(
      "negative-later",
      { [A]: tag("x", 20) + tag("good", -5), [B]: tag("good", 10, REMOVE) },
      { tags: ["x", "good"] },
      1000,
      "a negative ts says nothing",
    ),
    notes(
      "text-ts",
      { [A]: tag("x", 20) + tag("good", `"10"`), [B]: tag("good", 15, REMOVE) },
      { tags: ["x", "good"] },
      1000,
      "a ts that is not a number does not count",
    ),
    notes(
      "last-moment",
      { [A]: line("delete", LAST) },
      { deleted: true },
      LAST + 1,
      "the greatest that a clock can show",
    ),
    notes(
      "beyond",
      { [A]: line("delete", LAST + 2), [B]: line("restore", 10) },
      {},
      1000,
      "what no clock can show says nothing",
    ),
    notes(
      "beyond-2^53",
      { [A]: line("delete", 9007199254740992), [B]: line("restore", 10) },
      {},
      1000,
      "what no clock can show says nothing",
    ),
    notes(
      "beyond-huge",
      { [A]: line("delete", "1e300") + line("delete", "1e999"), [B]: line("restore", 10) },
      {},
      1000,
      "what no clock can show says nothing",
    ),
    notes(
      "next-after-last",
      { [A]: line("delete", LAST), [B]: line("restore", LAST + 1) },
      {},
      LAST + 2,
      "the next whole number after the last moment counts",
    ),
    notes(
      "next-without-last",
      { [A]: line("delete", LAST + 1), [B]: line("restore", 10) },
      { deleted: true },
      LAST + 2,
      "it counts also where nothing has the last moment",
    ),
    notes(
      "chain",
      { [A]: line("delete", LAST + 1) + line("delete", LAST + 3), [B]: line("restore", LAST + 2) },
      { deleted: true },
      LAST + 4,
      "each one is the next after one that counts, over all files",
    ),
    notes(
      "chain-gap",
      { [A]: line("delete", LAST + 1) + line("restore", LAST + 2), [B]: line("delete", LAST + 4) },
      {},
      LAST + 3,
      "after a gap they say nothing",
    ),
    notes(
      "damage-between",
      { [A]: tag("good", 10) + "hello\n" + tag("x", 11) },
      { tags: ["good", "x"] },
      1000,
      "damage is passed over",
    ),
    notes(
      "torn",
      { [A]: tag("good", 10) + tag("x", 11).slice(0, -1) },
      { tags: ["good"] },
      1000,
      "a torn tail is not an event",
    ),
    notes(
      "other-events",
      { [A]: line("later", 10) + `{"event":"mine","ts":11,"tag":"x"}\n` + tag("good", 12) },
      { tags: ["good"] },
      1000,
      "events that are not known",
    ),
    notes(
      "tag-no-text",
      { [A]: line("tag", 10, `"tag":5`) + line("note", 11) },
      {},
      1000,
      "a tag and a remark are texts",
    ),
    notes(
      "command",
      { [A]: line("command", 10, `"id":"0command00001","command":"stop","run":"${RUN}"`) },
      {},
      1000,
      "a request is not a word about the experiment",
    ),
  ]),
};
