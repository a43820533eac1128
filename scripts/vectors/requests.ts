import { under, type Vector, type VectorFile } from "./vector.ts";

const ID = "0command00001";
const RUN = "0resnet0run01";

const request = (id: string, data: object, command: "stop" | "start" | "cancel", reason: string): Vector => {
  return { id, data, command, reason };
};
const none = (id: string, data: object, reason: string): Vector => ({ id, data, command: null, reason });

/** What is asked for. */
export const REQUESTS: VectorFile = {
  about: "Data of events dbx/command in notes: what they ask for; null: nothing, and a reader ignores them.",
  vectors: under("F58", [
    request("stop", { id: ID, command: "stop", run: RUN }, "stop", "a run is to stop"),
    request("stop-grace", { id: ID, command: "stop", run: RUN, grace: 5 }, "stop", "and is killed after five seconds"),
    request("start", { id: ID, command: "start", run: RUN, cmd: ["python", "train.py"] }, "start", "a run is to start"),
    request(
      "start-all",
      { id: ID, command: "start", run: RUN, cmd: ["true"], cwd: "/a", env: { A: "1" }, agents: ["gpu-1"] },
      "start",
      "with all that it may say",
    ),
    request("cancel", { id: ID, command: "cancel", of: "0command00002" }, "cancel", "a start is not wanted any more"),
    request("further-keys", { id: ID, command: "stop", run: RUN, why: "x" }, "stop", "unknown keys are ignored"),
    none("empty", {}, "nothing"),
    none("no-id", { command: "stop", run: RUN }, "no id"),
    none("id-short", { id: "1", command: "stop", run: RUN }, "not an id"),
    none("id-number", { id: 1, command: "stop", run: RUN }, "not an id"),
    none("no-command", { id: ID, run: RUN }, "no command"),
    none("command-unknown", { id: ID, command: "pause", run: RUN }, "a command that is not in the table"),
    none("command-case", { id: ID, command: "Stop", run: RUN }, "a command that is not in the table"),
    none("command-list", { id: ID, command: ["stop"], run: RUN }, "a command is a text"),
    none("stop-no-run", { id: ID, command: "stop" }, "which run?"),
    none("stop-run-number", { id: ID, command: "stop", run: 5 }, "a run has an id"),
    none("start-no-run", { id: ID, command: "start", cmd: ["true"] }, "its run has an id"),
    none("start-run-short", { id: ID, command: "start", run: "x", cmd: ["true"] }, "its run has an id"),
    none("start-no-cmd", { id: ID, command: "start", run: RUN }, "start what?"),
    none("start-cmd-text", { id: ID, command: "start", run: RUN, cmd: "true" }, "cmd is a list"),
    none("start-cmd-empty", { id: ID, command: "start", run: RUN, cmd: [] }, "a list of at least one word"),
    none("start-cmd-numbers", { id: ID, command: "start", run: RUN, cmd: ["sleep", 5] }, "a list of texts"),
    none("cancel-no-of", { id: ID, command: "cancel" }, "which start?"),
    none("cancel-of-number", { id: ID, command: "cancel", of: 5 }, "a start has an id"),
    none("acknowledgement", { id: ID, ack: "stop" }, "an answer is not a request"),
  ]),
};
