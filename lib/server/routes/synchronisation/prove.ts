import { groupDigests, proofJson } from "../../../client/store/ask_prefix_hashes.ts";
import { classifyPath } from "../../../format/layout/file_kind.ts";
import { COLLECTED } from "../../../protocol/integrity.ts";
import type { BulkOptions } from "../../../store/store.ts";
import { jsonOf } from "../../api/body.ts";
import { json, JSON_TYPE, MIB, VERSION } from "../../api/parts.ts";
import { count, list, named, object } from "../../api/schema.ts";
import { digestedJson } from "../../http/responses.ts";
import type { Endpoint, StoreCall } from "../call.ts";
import { FILE, MAX_ITEMS, tuple } from "./parts.ts";
import { checkName, inTurn } from "./store_call.ts";

/** A body, as its schema has it. */
interface Given {
  readonly extents: readonly (readonly [name: string, length?: number])[];
  readonly group?: number;
}

/** `POST /api/v1/sync/prove` */
export const prove: Endpoint<StoreCall> = {
  help: "Or, with `group`, one hash per group of them.",
  parameters: [VERSION],
  body: {
    type: JSON_TYPE,
    help: "names and lengths",
    schema: object({
      extents: list(tuple(FILE, count()), { maxItems: MAX_ITEMS }),
      group: count({ minimum: 1, maximum: MAX_ITEMS }),
    }, ["extents"]),
    bytes: 16 * MIB,
    examples: { none: { extents: [] } },
  },
  answers: { 200: json("one proof per file, or one digest per group", named("Proofs")) },
  errors: [404, 409, 422],

  handle: (call) =>
    inTurn(call, async (how) => {
      const { extents, group } = await jsonOf<Given>(call);
      const proofs = await proofsOf(call, extents, how);
      return digestedJson(group === undefined ? { proofs } : { groups: groupDigests(proofs, group) });
    }),
};

async function proofsOf(call: StoreCall, given: Given["extents"], how: BulkOptions): Promise<unknown[]> {
  const { store } = call.files;
  const extents = given.map(([name, length]) => ({ name: checkName(name, call), length }));
  const proofs = await store.hashPrefixes(extents, how);
  const absent = extents.filter(({ name }, at) => proofs[at] === undefined && classifyPath(name) === "object");
  const collected = await store.collected?.(absent.map(({ name }) => name));
  return proofs.map((proof, at) => {
    return proof === undefined && collected?.has(extents[at].name) ? COLLECTED : proofJson(proof);
  });
}
