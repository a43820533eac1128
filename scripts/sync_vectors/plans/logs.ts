import { experiment, file, line, notes, OTHER, run, state } from "../samples.ts";
import type { Plan } from "../scenario.ts";

const [ONE, TWO, THREE] = [0, 1, 2].map((epoch) => line(`train/epoch/${epoch}`, { loss: 1 / (epoch + 1) }, epoch));
const TORN = `{"event":"train/epoch/1","ts":1`;

function withLog(text: string, seconds = 2) {
  return state(experiment(), run({ "log.jsonl": text }, { seconds }));
}

/** Logs that grow, end in the middle of a line, or differ. */
export const LOGS: readonly Plan[] = [
  {
    name: "pull_grown_log",
    about: "A log of the server has two lines more: the client proves that it has the beginning, and gets the rest.",
    does: "pull",
    client: withLog(ONE),
    server: withLog(ONE + TWO + THREE, 20),
  },
  {
    name: "push_grown_log",
    about: "A log of the client has two lines more.",
    does: "push",
    client: withLog(ONE + TWO + THREE, 20),
    server: withLog(ONE),
  },
  {
    name: "both_grew",
    about: "Each side has a log that grew, notes and an experiment that the other one lacks: both get all.",
    does: "sync",
    client: state(
      experiment(),
      run({ "log.jsonl": ONE + TWO, "x.log.jsonl": ONE }, { seconds: 20 }),
      notes("0replica00001", line("dbx/tag", { tag: "client" })),
    ),
    server: state(
      experiment(),
      run({ "log.jsonl": ONE, "x.log.jsonl": ONE + TWO }),
      notes("0replica00002", line("dbx/tag", { tag: "server" })),
      experiment(OTHER),
    ),
  },
  {
    name: "diverged_log",
    spec: ["S29", "S30"],
    about: "Two logs of which none is the beginning of the other one: both stay, and all else is moved.",
    does: "sync",
    client: state(experiment(), run({ "log.jsonl": ONE + TWO, "x.log.jsonl": ONE })),
    server: state(experiment(), run({ "log.jsonl": ONE + THREE }, { seconds: 20 }), experiment(OTHER)),
  },
  {
    name: "diverged_definition",
    spec: ["S30", "S38"],
    about: "Two definitions differ: both stay.",
    does: "push",
    client: state({ "0000000000exp/meta.json": file(`{"id":"0000000000exp","a":1}`, 1) }),
    server: state({ "0000000000exp/meta.json": file(`{"id":"0000000000exp","a":2}`, 2) }),
  },
  {
    name: "torn_tail_of_source",
    spec: ["S26"],
    about: "The log of the source ends in the middle of a line: whole lines are sent, without a time.",
    does: "pull",
    client: withLog(ONE),
    server: withLog(ONE + TWO + TORN, 20),
  },
  {
    name: "torn_tail_of_new_log",
    spec: ["S26"],
    about: "A log that the client lacks ends in the middle of a line.",
    does: "pull",
    client: state(experiment()),
    server: withLog(ONE + TORN),
  },
  {
    name: "torn_tail_of_target",
    spec: ["S44"],
    about: "The log of the target ends in the middle of another line: that gives way to whole lines.",
    does: "push",
    client: withLog(ONE + TWO + THREE, 20),
    server: withLog(ONE + `{"event":"other","ts":1`),
  },
  {
    name: "torn_tail_goes_on",
    about:
      "The log of the target ends in the middle of a line that the client has whole: the rest of the line is sent.",
    does: "push",
    client: withLog(ONE + TWO + THREE, 20),
    server: withLog(ONE + TORN),
  },
  {
    name: "torn_tail_of_client",
    about: "The log of the client ends in the middle of a line that the server has whole.",
    does: "pull",
    client: withLog(ONE + TWO.slice(0, 20)),
    server: withLog(ONE + TWO, 20),
  },
  {
    name: "torn_tails_of_both",
    about: "Both logs have the same line, and end in the middle of different ones.",
    does: "sync",
    client: withLog(ONE + TORN),
    server: withLog(ONE + `{"event":"other`, 20),
  },
  {
    name: "life_comes_last",
    spec: ["S3", "S25"],
    about: "The log dbx of a run seals the others, so it is sent after them.",
    does: "push",
    client: state(experiment(), run({ "dbx.log.jsonl": line("dbx/start"), "log.jsonl": ONE, "stdout.log.jsonl": TWO })),
    server: state(),
  },
];
