import { experiment, file, MARKER, object, objectName, repeated, run, sha256Of, state } from "../samples.ts";
import { toVector } from "../pieces.ts";
import type { Plan } from "../scenario.ts";

const MIB = 1024 * 1024;

/** 4.5 MiB: more than goes into one body. */
const LARGE = repeated("a", 4.5 * MIB);
const MIDDLE = repeated("b", 1.75 * MIB);
const FILE = "Ab3_x9ZkQ0pLm/model.bin";

function incoming(bytes: Uint8Array, length: number) {
  return { [sha256Of(bytes)]: toVector(bytes.subarray(0, length)) };
}

/** Files that need several frames or bodies. */
export const LARGE_FILES: readonly Plan[] = [
  {
    name: "object_in_two_bodies",
    about: "An object of 4.5 MiB goes in two bodies, the second one from where the first one ended.",
    does: "push",
    client: state(object(LARGE)),
    server: state(),
  },
  {
    name: "object_resumed_by_push",
    spec: ["S40"],
    about: "The server has the first part of an object, and lists it as partial: the rest is sent.",
    does: "push",
    client: state(object(MIDDLE)),
    server: { files: { "dbx.json": MARKER }, incoming: incoming(MIDDLE, MIB) },
  },
  {
    name: "object_resumed_by_pull",
    about: "The client has the first part of an object, and asks for the rest.",
    does: "pull",
    client: { files: { "dbx.json": MARKER }, incoming: incoming(MIDDLE, MIB) },
    server: state(object(MIDDLE)),
  },
  {
    name: "object_resumed_from_damage",
    about: "The first part that the server has is not that of the object: the object is sent once more, from 0.",
    does: "push",
    client: state(object(MIDDLE)),
    server: {
      files: { "dbx.json": MARKER },
      incoming: { [sha256Of(MIDDLE)]: toVector(repeated("x", MIB)) },
    },
  },
  {
    name: "damaged_object",
    spec: ["S39"],
    about: "The bytes of an object do not have the SHA-256 of its name: it is damaged, and not kept.",
    does: "push",
    client: state({ [objectName("right")]: file("wrong", 5) }),
    server: state(),
  },
  {
    name: "object_of_another_length",
    about: "Both have an object, of which one side has more bytes: that one is damaged, and nothing is moved.",
    does: "push",
    client: state({ [objectName("right")]: file("right", 5) }),
    server: state({ [objectName("right")]: file("righter", 5) }),
  },
  {
    name: "large_definition",
    spec: ["S14"],
    about: "A definition of more than 4 MiB goes with its SHA-256, packed.",
    does: "push",
    client: state({
      "0000000000exp/meta.json": file(`{"id":"0000000000exp","kind":"${"k".repeat(4.2 * MIB)}"}`, 1),
    }),
    server: state(),
  },
  {
    name: "large_file",
    spec: ["S14"],
    about: "A file of version 0 of 4.5 MiB goes in two bodies, with its SHA-256.",
    does: "push",
    client: state({
      "Ab3_x9ZkQ0pLm/meta.json": file("{}", 1),
      "Ab3_x9ZkQ0pLm/log.jsonl": file("", 2),
      [FILE]: file(LARGE, 3),
    }),
    server: state(),
  },
  {
    name: "object_cut",
    spec: ["S15"],
    about: "The connection breaks within a body: its whole frames are kept, and the next bodies are smaller.",
    does: "push",
    client: state(object(MIDDLE)),
    server: state(),
    damage: { 3: { of: "request", does: "cut", at: MIB + 1000 } },
  },
  {
    name: "long_log",
    about: "A log of 1.5 MiB goes in two frames, of which the first one ends with a whole line.",
    does: "pull",
    client: state(),
    server: state(
      experiment(),
      run({ "log.jsonl": `{"event":"a","ts":1,"text":"${"x".repeat(0.75 * MIB)}"}\n`.repeat(2) }),
    ),
  },
];
