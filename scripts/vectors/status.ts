import { under, type Vector, type VectorFile } from "./vector.ts";

const T = 1767258000000;
const line = (event: string, at: number, data = ""): string =>
  `{"event":"${event}","ts":${T + at}${data && "," + data}}\n`;
const start = (data = `"pid":1,"hostname":"box","heartbeat":30`): string => line("dbx/start", 0, data);

/** `now`: milliseconds after the start. */
function status(id: string, logs: Readonly<Record<string, string>>, now: number, is: string, reason: string): Vector {
  return { id, logs, now: T + now, status: is, reason };
}

/** The status of runs. */
export const STATUS: VectorFile = {
  about: "Logs of a run, by name, and its status at a time.",
  vectors: under("F48", [
    status("no-logs", {}, 0, "unknown", "no log dbx"),
    status("other-log", { log: line("a", 0) }, 0, "unknown", "no log dbx"),
    status("empty", { dbx: "" }, 0, "unknown", "no whole event"),
    status("torn", { dbx: start().slice(0, -1) }, 0, "unknown", "no whole event"),
    status("damaged", { dbx: "hello\n" }, 0, "unknown", "no whole event"),
    status(
      "finished",
      { dbx: start() + line("dbx/end", 5, `"status":"finished","exitCode":0`) },
      9e9,
      "finished",
      "the status of the end",
    ),
    status(
      "failed",
      { dbx: start() + line("dbx/end", 5, `"status":"failed","exitCode":1`) },
      0,
      "failed",
      "the status of the end",
    ),
    status(
      "killed",
      { dbx: start() + line("dbx/end", 5, `"status":"killed","signal":"SIGKILL"`) },
      0,
      "killed",
      "the status of the end",
    ),
    status("lost-end", { dbx: start() + line("dbx/end", 5, `"status":"lost"`) }, 0, "lost", "the status of the end"),
    status("other-end", { dbx: start() + line("dbx/end", 5, `"status":"done"`) }, 0, "unknown", "none of the four"),
    status(
      "running-end",
      { dbx: start() + line("dbx/end", 5, `"status":"running"`) },
      0,
      "unknown",
      "none of the four",
    ),
    status("no-status", { dbx: start() + line("dbx/end", 5) }, 0, "unknown", "none of the four"),
    status("end-only", { dbx: line("dbx/end", 5, `"status":"finished"`) }, 0, "finished", "nothing but an end"),
    status(
      "end-no-ts",
      { dbx: start() + `{"event":"dbx/end","status":"failed"}\n` },
      0,
      "failed",
      "an end without a time",
    ),
    status(
      "end-torn",
      { dbx: start() + line("dbx/end", 5, `"status":"finished"`).slice(0, -1) },
      1000,
      "running",
      "the end is not whole yet",
    ),
    status(
      "end-then-damage",
      { dbx: start() + line("dbx/end", 5, `"status":"finished"`) + "x\n" },
      9e9,
      "finished",
      "damage is passed over",
    ),
    status(
      "end-then-event",
      { dbx: start() + line("dbx/end", 5, `"status":"finished"`) + line("dbx/start", 10, `"adopted":1`) },
      20,
      "running",
      "the last event counts",
    ),
    status("expired", { dbx: line("dbx/expired", 0, `"by":"x"`) }, 0, "lost", "the claimer never began"),
    status("running", { dbx: start() }, 120_000, "running", "four heartbeats old"),
    status("lost", { dbx: start() }, 120_001, "lost", "older than four heartbeats"),
    status("ahead", { dbx: start() }, -1_000_000, "running", "a clock that is behind"),
    status("heartbeat", { dbx: start() + line("dbx/heartbeat", 60_000) }, 180_000, "running", "the last event counts"),
    status(
      "heartbeat-lost",
      { dbx: start() + line("dbx/heartbeat", 60_000) },
      180_001,
      "lost",
      "the last event counts",
    ),
    status("heartbeat-5", { dbx: start(`"heartbeat":5`) }, 20_000, "running", "heartbeats of five seconds"),
    status("heartbeat-5-lost", { dbx: start(`"heartbeat":5`) }, 20_001, "lost", "heartbeats of five seconds"),
    status("heartbeat-half", { dbx: start(`"heartbeat":0.5`) }, 2001, "lost", "heartbeats of half a second"),
    status("heartbeat-none", { dbx: start(`"pid":1`) }, 120_000, "running", "30 seconds where none are said"),
    status(
      "heartbeat-text",
      { dbx: start(`"heartbeat":"5"`) },
      120_000,
      "running",
      "30 seconds where it is not a number",
    ),
    status("heartbeat-zero", { dbx: start(`"heartbeat":0`) }, 120_000, "running", "30 seconds where it is not above 0"),
    status(
      "heartbeat-negative",
      { dbx: start(`"heartbeat":-5`) },
      120_000,
      "running",
      "30 seconds where it is not above 0",
    ),
    status(
      "heartbeat-of-later",
      { dbx: start(`"pid":1`) + line("dbx/start", 1, `"heartbeat":5`) },
      60_000,
      "running",
      "that of the first event",
    ),
    status(
      "heartbeat-of-claim",
      { dbx: line("dbx/claim", 0, `"claim":"0claimer00001","heartbeat":5`) + line("dbx/start", 1, `"heartbeat":60`) },
      60_000,
      "running",
      "that of the first event behind a claim",
    ),
    status(
      "claimed",
      { dbx: line("dbx/claim", 0, `"claim":"0claimer00001"`) },
      120_000,
      "running",
      "a claim is an event",
    ),
    status("unknown-event", { dbx: line("dbx/later", 0) }, 1000, "running", "events that are not known are events"),
    status(
      "other-log-newer",
      { dbx: start(), log: line("a", 500_000) },
      600_000,
      "running",
      "the newest of the last events of all logs",
    ),
    status(
      "other-log-last",
      { dbx: start(), log: line("a", 500_000) + line("a", 5) },
      600_000,
      "lost",
      "of each log the last event",
    ),
    status(
      "other-log-torn",
      { dbx: start(), log: line("a", 5) + line("a", 500_000).slice(0, -1) },
      600_000,
      "lost",
      "a torn tail is not an event",
    ),
    status(
      "other-log-no-ts",
      { dbx: start(), log: `{"event":"a"}\n` },
      100_000,
      "running",
      "a last event without a time says nothing",
    ),
    status(
      "put-log",
      { dbx: start(), "put-0resnet0put01": line("dbx/file", 500_000) },
      500_000,
      "lost",
      "files that are added later say nothing of its life",
    ),
    status("other-log-older", { dbx: start(), log: line("a", -500_000) }, 100_000, "running", "the newest of all"),
  ]),
};
