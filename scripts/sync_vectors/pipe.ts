import { concat } from "../../lib/base/bytes.ts";
import { requestCheck } from "../../lib/protocol/integrity.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "../../lib/protocol/version.ts";
import { writeMessage } from "../../lib/protocol/pipe_messages.ts";
import type { Vector, VectorFile } from "../vectors/vector.ts";
import { type Bytes, fromVector, toDigits } from "./pieces.ts";
import { type Rule, ruleOf } from "./rules.ts";

const ASK = {
  method: "POST",
  path: "/api/v1/sync/prove",
  headers: {
    "content-type": "application/json",
    "dbx-check": requestCheck("POST", "http://p/api/v1/sync/prove", null),
    [PROTOCOL_HEADER]: PROTOCOL,
  },
};

/** Messages over a pipe: what their bytes mean, and malformed ones. */
export async function pipeVectors(): Promise<VectorFile> {
  return {
    about: "Messages over a pipe: heads and bodies, and bytes that are not a message.",
    vectors: [
      await valid("a request", ASK, { text: `{"extents":[]}` }),
      await valid("an answer", {
        status: 200,
        headers: { "content-type": "application/json", [PROTOCOL_HEADER]: PROTOCOL },
      }, {
        text: `{"proofs":[]}`,
      }),
      await valid("an answer without a body", { status: 204, headers: {} }),
      await valid("a head beyond ASCII", { status: 404, headers: {}, note: "größe 🚀" }),
      await valid("a body in two pieces", { status: 200, headers: {} }, { text: "one" }, { text: "two" }),
      await valid("a body of more than 2 MiB", { status: 200, headers: {} }, { pieces: [["61", 2 * 1024 * 1024 + 1]] }),
      wrong("the greeting of a shell", "message", { text: "Welcome to host\n" }),
      wrong("a head of more than 64 KiB", "message", { hex: "00010001" }),
      wrong("a head that is not JSON", "message", { hex: "000000017b00000000" }),
      wrong("a head that is a list", "message", { hex: "000000025b5d00000000" }),
      wrong("a head that is not UTF-8", "message", { hex: "000000032222ff00000000" }),
      wrong("an end within a length", "cut", { hex: "0000" }),
      wrong("an end within a head", "cut", { hex: "000000027b" }),
      wrong("an end within a body", "cut", { hex: "000000027b7d000000056162" }),
      wrong("an end before the end of a body", "cut", { hex: "000000027b7d000000026162" }),
      wrong("a piece of more than 2 MiB", "message", { hex: "000000027b7d00200001" }),
    ],
  };
}

async function valid(id: string, head: Record<string, unknown>, ...pieces: readonly Bytes[]): Promise<Vector> {
  const written: Uint8Array[] = [];
  const to = {
    write: (bytes: Uint8Array) => {
      written.push(bytes);
      return Promise.resolve();
    },
  };
  const all = pieces.map(fromVector);
  await writeMessage(to, head, all.length === 0 ? undefined : ReadableStream.from(all));
  return { id, bytes: toDigits(concat(written)), head, body: toBody(concat(all)) };
}

function toBody(bytes: Uint8Array): Bytes {
  return bytes.length > 100 ? toDigits(bytes) : { text: new TextDecoder().decode(bytes) };
}

function wrong(id: string, rule: Rule, bytes: Bytes): Vector {
  return { id, ...ruleOf(rule), bytes, verdict: "broken" };
}
