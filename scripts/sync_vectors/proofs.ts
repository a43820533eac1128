import { PROTOCOL, PROTOCOL_HEADER } from "../../lib/protocol/version.ts";
import { server } from "./scenario.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { EXP, objectName, repeated, RUN, sha256Of } from "./samples.ts";
import { type Bytes, fromVector, toVector } from "./pieces.ts";
import { writeState } from "./state.ts";

const LOG = `${EXP}/runs/${RUN}/log.jsonl`;
const META = `${EXP}/meta.json`;

/** A file, and how much of it is to be proved; undefined: all of it. */
type Question = readonly [id: string, name: string, bytes: Bytes | null, length?: number];

const LINES: Bytes = { text: `{"event":"a","ts":1}\n{"event":"größe","ts":2}\n` };
const TORN: Bytes = { text: `{"event":"a","ts":1}\n{"event":"b` };

const QUESTIONS: readonly Question[] = [
  ["a whole log", LOG, LINES],
  ["the beginning of a log", LOG, LINES, 21],
  ["the beginning of a log, within a line and a character", LOG, LINES, 35],
  ["nothing of a log", LOG, LINES, 0],
  ["as much of a log as there is", LOG, LINES, 47],
  ["more of a log than there is", LOG, LINES, 48],
  ["a log with a torn tail", LOG, TORN],
  ["a log with a torn tail, up to its last line feed", LOG, TORN, 21],
  ["a log without a line feed", LOG, { text: `{"event":"a` }],
  ["an empty log", LOG, { text: "" }],
  ["an empty log that should have a byte", LOG, { text: "" }, 1],
  ["a line feed alone", LOG, { text: "\n" }],
  ["a definition, which is whole whether it ends a line or not", META, { text: `{"id":1}\n{` }],
  ["the beginning of a definition", META, { text: `{"id":1}\n{` }, 3],
  ["an object", objectName("a"), { text: "a" }],
  ["nothing of an object", objectName("a"), { text: "a" }, 0],
  ["bytes of a file of version 0", "Ab3_x9ZkQ0pLm/model.bin", { hex: "00ff0a0d0a" }, 3],
  ["a log of more than a MiB", LOG, toVector(repeated("\n", 1024 * 1024 + 5)), 1024 * 1024 + 1],
  ["a file that is not there", META, null],
  ["the beginning of a file that is not there", LOG, null, 5],
];

/** What `sync/prove` answers. */
export async function proofVectors(): Promise<VectorFile> {
  const vectors: Vector[] = [];
  for (const question of QUESTIONS) vectors.push(await vector(question));
  const sha256 = sha256Of("a");
  const { proofs: [proof] } = await answers(["an object", objectName("a"), null], [sha256]);
  vectors.push({ id: "an object that a collection removed", name: objectName("a"), collected: true, proof });
  return { about: "Bytes of files, and the proofs of their beginnings that sync/prove answers.", vectors };
}

async function vector(question: Question): Promise<Vector> {
  const [id, name, bytes, length] = question;
  const { proofs: [proof] } = await answers(question);
  return { id, name, bytes, ...(length !== undefined && { length }), proof };
}

async function answers(
  [, name, bytes, length]: Question,
  collected?: readonly string[],
): Promise<{ proofs: unknown[] }> {
  const folder = await Deno.makeTempDir();
  try {
    const files = bytes === null ? {} : { [name]: toVector(fromVector(bytes)) };
    await writeState(`${folder}/server`, { files, collected });
    const body = JSON.stringify({ extents: [length === undefined ? [name] : [name, length]] });
    const url = "http://server/api/v1/sync/prove";
    return await (await server(`${folder}/server`)(
      new Request(url, { method: "POST", body, headers: { [PROTOCOL_HEADER]: PROTOCOL } }),
    )).json();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
