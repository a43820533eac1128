import { createHash } from "node:crypto";
import { isSha256 } from "../../format/json/special_values.ts";
import type { BulkOptions, HashOptions, Prefix, PrefixHash } from "../../store/store.ts";
import { COLLECTED } from "../../protocol/integrity.ts";
import type { HttpClient } from "../http/client.ts";
import { MAX_ANSWER_BYTES } from "./limits.ts";

/** Questions in one request. */
const QUESTIONS = 20_000;

/** Proofs for which a peer sends one digest, where all of them are expected to equal the own ones. */
const GROUP = 256;

/** A proof as it is sent; null: there is no such file. */
export function proofJson(proof: PrefixHash | undefined): readonly (number | string | null)[] | null {
  return proof === undefined ? null : [proof.size, proof.lastLineEnd, proof.sha256 ?? null];
}

/** Of each group of so many proofs, as they are sent, the SHA-256 of their list. */
export function groupDigests(proofs: readonly unknown[], group: number): string[] {
  const digests: string[] = [];
  for (let at = 0; at < proofs.length; at += group) {
    digests.push(createHash("sha256").update(JSON.stringify(proofs.slice(at, at + group))).digest("hex"));
  }
  return digests;
}

/**
 * Asks for proofs. Of groups whose proofs are all as expected, one digest comes; the proofs of the others are asked for
 * one by one.
 */
export async function askProofs(
  client: HttpClient,
  extents: readonly Prefix[],
  { signal, expected }: HashOptions = {},
): Promise<(PrefixHash | undefined)[]> {
  if (expected === undefined || extents.length === 0) return await askEach(client, extents, { signal });
  const [digests, own] = await Promise.all([askGroups(client, extents, { signal }), expected]);
  const asExpected = groupDigests(own.map(proofJson), GROUP);
  const proofs = [...own];
  const others = extents.keys().filter((at) => {
    const group = Math.floor(at / GROUP);
    return digests[group] !== asExpected[group];
  }).toArray();
  const told = await askEach(client, others.map((at) => extents[at]), { signal });
  for (const [index, at] of others.entries()) proofs[at] = told[index];
  return proofs;
}

/** Which of some objects a garbage collection removed from the peer. */
export async function askCollected(
  client: HttpClient,
  objects: readonly string[],
  options: BulkOptions = {},
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const [batch, proofs] of answers(client, objects.map((name) => ({ name, length: 0 })), options)) {
    for (const [at, { name }] of batch.entries()) if (proofs[at] === COLLECTED) found.add(name);
  }
  return found;
}

async function askEach(
  client: HttpClient,
  extents: readonly Prefix[],
  options: BulkOptions,
): Promise<(PrefixHash | undefined)[]> {
  const all: (PrefixHash | undefined)[] = [];
  for await (const [, proofs] of answers(client, extents, options)) {
    for (const proof of proofs) {
      if (proof === null || proof === COLLECTED) {
        all.push(undefined);
        continue;
      }
      const [size, whole, sha256] = Array.isArray(proof) ? proof as unknown[] : [];
      const isProof = isCount(size) && isCount(whole) && whole <= size && (sha256 === null || isSha256(sha256));
      if (!isProof) throw client.protocolError("proofs");
      all.push({ size, lastLineEnd: whole, sha256: sha256 === null ? undefined : sha256 as string });
    }
  }
  return all;
}

async function* answers(
  client: HttpClient,
  extents: readonly Prefix[],
  options: BulkOptions,
): AsyncGenerator<[readonly Prefix[], readonly unknown[]], void> {
  for (let from = 0; from < extents.length; from += QUESTIONS) {
    const batch = extents.slice(from, from + QUESTIONS);
    yield [batch, await answer(client, { extents: batch.map(extentJson) }, "proofs", batch.length, options)];
  }
}

async function askGroups(
  client: HttpClient,
  extents: readonly Prefix[],
  options: BulkOptions,
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  const count = Math.floor(QUESTIONS / GROUP) * GROUP;
  for (let from = 0; from < extents.length; from += count) {
    const batch = extents.slice(from, from + count);
    const json = { extents: batch.map(extentJson), group: GROUP };
    all.push(...await answer(client, json, "groups", Math.ceil(batch.length / GROUP), options));
  }
  return all;
}

/** The list in an answer, which has so many items. */
async function answer(
  client: HttpClient,
  json: unknown,
  key: "proofs" | "groups",
  count: number,
  { signal }: BulkOptions,
): Promise<readonly unknown[]> {
  const how = { json, signal, what: "proofs", effort: "work", needsDigest: true, maxBytes: MAX_ANSWER_BYTES } as const;
  const { [key]: list } = await client.json("prove", how);
  if (!Array.isArray(list) || list.length !== count) throw client.protocolError("proofs");
  return list;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function extentJson({ name, length }: Prefix): readonly [string] | readonly [string, number] {
  return length === undefined ? [name] : [name, length];
}
