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
  run,
  sha256Of,
  state,
} from "../samples.ts";
import type { Plan } from "../scenario.ts";

const FULL = [experiment(), run({ "log.jsonl": line("model", { file: expfile("a model") }) }), object("a model")];
const DELETED = notes("0replica00001", line("dbx/delete", {}, 5));
const RESTORED = notes("0replica00001", line("dbx/delete", {}, 5) + line("dbx/restore", {}, 6));
const TOMBSTONE = { [`purged/${EXP}.json`]: file(`{"event":"dbx/purge","id":"${EXP}"}\n`, 30) };
const OTHERS = experiment(OTHER);

/** Experiments that were deleted, purged or collected, and registries. */
export const GONE: readonly Plan[] = [
  {
    name: "deleted_experiment",
    spec: ["S47"],
    about:
      "An experiment that is deleted at the target: its definition and notes are sent, its run and object are not.",
    does: "push",
    client: state(...FULL),
    server: state(experiment(), DELETED),
  },
  {
    name: "restored_experiment",
    about: "It was restored: the copy that still holds its run sends it.",
    does: "push",
    client: state(...FULL),
    server: state(experiment(), RESTORED),
  },
  {
    name: "tombstone_pulled",
    spec: ["S48"],
    about: "The server has purged an experiment: the client purges it too, before anything else, and gets the rest.",
    does: "pull",
    client: state(...FULL),
    server: state(TOMBSTONE, OTHERS),
  },
  {
    name: "tombstone_pushed",
    spec: ["S49"],
    about: "The client has purged an experiment: the server is sent the tombstone, and purges it.",
    does: "push",
    client: state(TOMBSTONE, OTHERS),
    server: state(...FULL),
  },
  {
    name: "purged_not_sent",
    spec: ["S48"],
    about: "The server has purged an experiment that the client still holds: a push does not bring it back.",
    does: "push",
    client: state(...FULL, OTHERS),
    server: state(TOMBSTONE),
  },
  {
    name: "collected_object",
    spec: ["S4"],
    about: "A collection removed an object from the server: one that nothing refers to is not sent again.",
    does: "push",
    client: state(experiment(), object("a model")),
    server: { files: { "dbx.json": MARKER }, collected: [sha256Of("a model")] },
  },
  {
    name: "collected_object_referred_to",
    spec: ["S4", "S5"],
    about: "A line that goes along refers to an object that was collected: it is sent, and forgotten as collected.",
    does: "push",
    client: state(...FULL),
    server: { files: { "dbx.json": MARKER }, collected: [sha256Of("a model")] },
  },
  ...registries(),
];

function registries(): Plan[] {
  const v0 = (registry: string, seconds: number) =>
    state({
      "Ab3_x9ZkQ0pLm/meta.json": file("{}", 1),
      "Ab3_x9ZkQ0pLm/log.jsonl": file("", 2),
      "Ab3_x9ZkQ0pLm/files.json": file(registry, seconds),
    });
  return [
    {
      name: "registry_grew",
      about: "The registry of the client says all that the server's says, and more: it replaces that one.",
      does: "push",
      client: v0(`{"a.bin":"00","b.bin":"11"}`, 20),
      server: v0(`{"a.bin":"00"}`, 3),
    },
    {
      name: "registry_diverged",
      about: "Each registry says something that the other one lacks: both stay.",
      does: "sync",
      client: v0(`{"a.bin":"00","b.bin":"11"}`, 20),
      server: v0(`{"a.bin":"00","c.bin":"22"}`, 3),
    },
  ];
}
