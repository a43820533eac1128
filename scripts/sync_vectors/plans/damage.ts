import { bodyOf } from "../../../lib/protocol/frames.ts";
import { experiment, line, run, state } from "../samples.ts";
import type { Falsify, Plan } from "../scenario.ts";

const FULL = state(experiment(), run({ "log.jsonl": line("a", { loss: 0.5 }), "x.log.jsonl": line("b", { loss: 1 }) }));

/** Bytes that change on their way, and a server that says too little. */
export const DAMAGE: readonly Plan[] = [
  {
    name: "inventory_flipped",
    spec: ["S11"],
    about: "A bit of an inventory flips on its way: the client asks again.",
    does: "pull",
    client: state(),
    server: FULL,
    damage: { 0: { of: "answer", does: "flip", at: 60 } },
  },
  {
    name: "give_flipped",
    spec: ["S11"],
    about:
      "A bit flips in the second frame of an answer: what is not kept of it is asked for again. (A client may keep the first frame.)",
    does: "pull",
    client: state(),
    server: FULL,
    damage: { 2: { of: "answer", does: "flip", at: 300 } },
  },
  {
    name: "give_cut",
    spec: ["S68"],
    about: "The connection breaks in the middle of an answer: what has not come is asked for again.",
    does: "pull",
    client: state(),
    server: FULL,
    damage: { 2: { of: "answer", does: "cut", at: 300 } },
  },
  {
    name: "take_flipped",
    spec: ["S9", "S59"],
    about: "A bit of a body flips on its way: the server takes nothing of it, and it is sent again.",
    does: "push",
    client: FULL,
    server: state(),
    damage: { 2: { of: "request", does: "flip", at: 300 } },
  },
  {
    name: "take_answer_lost",
    about: "The answer to a body is lost: it is sent again, which changes nothing.",
    does: "push",
    client: FULL,
    server: state(),
    damage: { 2: { of: "answer", does: "cut", at: 10 } },
  },
  {
    name: "early_last",
    spec: ["S65", "S66"],
    about: "A server says that all has come, and has sent nothing of what was asked for: asked again, it sends it.",
    does: "pull",
    client: state(),
    server: FULL,
    falsify: once((path) => path.endsWith("/sync/give") ? { body: bodyOf([]) } : undefined),
  },
  {
    name: "early_last_again",
    spec: ["S27", "S66"],
    about: "A server says again and again that all has come, and sends nothing: that is an error, and never a success.",
    does: "pull",
    client: state(),
    server: FULL,
    falsify: () => (path) => path.endsWith("/sync/give") ? { body: bodyOf([]) } : undefined,
  },
  {
    name: "take_says_too_little",
    spec: ["S16", "S66"],
    about: "A server does not say that it took what was sent: that is an error, and never a success.",
    does: "push",
    client: FULL,
    server: state(),
    falsify: () => (path) => {
      const answer = `{"files":4,"bytes":255,"taken":[107,62],"setbacks":[]}`;
      return path.endsWith("/sync/take") ? { body: new TextEncoder().encode(answer) } : undefined;
    },
  },
  {
    name: "other_protocol",
    spec: ["S105"],
    about: "The server speaks another version of the protocol: the client does not use what it says.",
    does: "pull",
    client: null,
    server: FULL,
    falsify: () => () => ({ headers: { "dbx-protocol": "2" } }),
  },
  {
    name: "no_protocol",
    spec: ["S105"],
    about: "A success that does not say which version of the protocol it is of comes from some other program.",
    does: "pull",
    client: null,
    server: FULL,
    falsify: () => () => ({ headers: { "dbx-protocol": null } }),
  },
];

/** Does something the first time only, each time that a plan is followed. */
function once(first: Falsify): () => Falsify {
  return () => {
    let isDone = false;
    return (path) => {
      const answer = isDone ? undefined : first(path);
      isDone ||= answer !== undefined;
      return answer;
    };
  };
}
