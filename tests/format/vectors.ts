// Reads tests/vectors/, as README.md there says.
import type { Json } from "../../lib/base/json.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import { assertEquals } from "../assert.ts";

export const VECTORS = new URL("../vectors/", import.meta.url);

/** Bytes as a vector holds them. */
export interface Bytes {
  readonly text?: string;
  readonly hex?: string;
}

/** The vectors of a file. */
export function vectors<T>(name: string): readonly (T & { readonly id: string })[] {
  return JSON.parse(Deno.readTextFileSync(new URL(name, VECTORS))).vectors;
}

/** What an entry with `text` or `hex` holds. */
export function bytesOf({ text, hex }: Bytes): Uint8Array<ArrayBuffer> {
  return text !== undefined ? new TextEncoder().encode(text) : Uint8Array.fromHex(hex!);
}

/** A store with these files. */
export async function storeOf(files: Readonly<Record<string, Bytes | string>>): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const [name, bytes] of Object.entries(files)) {
    await store.create(name, bytesOf(typeof bytes === "string" ? { text: bytes } : bytes));
  }
  return store;
}

/** A value of a vector, in which JSON has no -0. */
export function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

/** Compares what was found for each vector with what it expects, and names all that differ. */
export function assertSame<T extends { readonly id: string }>(
  found: readonly unknown[],
  expected: readonly T[],
  expectation: (vector: T) => unknown,
): void {
  const differ = expected.map((vector, at) => [vector.id, plain(found[at]), plain(expectation(vector))] as const)
    .filter(([, one, other]) => !isSame(one, other));
  assertEquals(
    Object.fromEntries(differ.map(([id, one]) => [id, one])),
    Object.fromEntries(differ.map(([id, , other]) => [id, other])),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  try {
    assertEquals(one, other);
    return true;
  } catch {
    return false;
  }
}
