// Copies of repositories with random histories, and what every copy must hold in the end.
import { createHash } from "node:crypto";
import { classifyPath } from "../../lib/format/layout/file_kind.ts";
import { storeRoutes } from "../../lib/server/store_routes.ts";
import { inventoryMap, withBulkFallback } from "../../lib/store/bulk_fallback.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { MemoryStore } from "../../lib/store/memory_store.ts";
import { RemoteStore } from "../../lib/client/store/remote_store.ts";
import type { FileChunk, Store } from "../../lib/store/store.ts";
import { wrapStore } from "../../lib/store/wrappers/wrap_store.ts";
import type { Random } from "../format/random.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
const NAMES = ["", "", "vision", "größe/日本 語", "Case", "case", "a.b/c d"];

/** A copy: where it is written, and how synchronisations reach it. */
export interface Copy {
  readonly at: Store;
  readonly store: Store;
}

/** A copy of one of the kinds that there are. */
export function copyIn(kind: "local" | "memory" | "remote", folder: string): Copy {
  if (kind === "memory") {
    const store = new MemoryStore();
    return { at: store, store };
  }
  Deno.mkdirSync(folder, { recursive: true });
  const at = new LocalStore(folder);
  if (kind === "local") return { at, store: at };
  const transport = storeRoutes(at);
  return { at, store: new RemoteStore({ location: folder, base: "http://peer", transport }) };
}

/** What was written, by name: the truth that copies are compared with. */
export class World {
  readonly files = new Map<string, Uint8Array>();
  readonly #owner = new Map<string, number>();
  readonly #folders: string[] = [];

  constructor(readonly copies: readonly Copy[], readonly random: Random) {}

  async start(): Promise<void> {
    const marker = encode(`{"dbx":1,"id":"${this.id()}","createdAt":"2026-01-01T09:00:00.000Z"}\n`);
    for (const { at } of this.copies) await at.create("dbx.json", marker);
  }

  id(): string {
    return Array.from({ length: 13 }, () => this.random.pick([...ALPHABET])).join("");
  }

  /** One random write in one random copy. */
  async write(): Promise<void> {
    const { random } = this;
    const copy = random.below(this.copies.length);
    const mine = [...this.#owner].filter(([, owner]) => owner === copy).map(([name]) => name);
    const action = random.below(10);
    if (action < 2 || mine.length === 0) return await this.#experiment(copy);
    if (action === 2) return await this.#object(copy, random.below(8) === 0 ? 2_500_000 : random.below(3000));
    const name = random.pick(mine);
    const before = this.files.get(name)!;
    const torn = before.length > 0 && before.at(-1) !== 10;
    const line = `{"event":"loss/${random.below(9)}","ts":${random.below(1e12)},"value":${random.next()}}\n`;
    let text = torn ? ` "x":"the rest"}\n` : "";
    for (let left = random.below(4); left > 0; left--) text += random.below(20) === 0 ? line.repeat(900) : line;
    if (random.below(4) === 0) text += `{"event":"half`;
    const bytes = encode(text);
    await this.copies[copy].at.append(name, before.length, bytes);
    const after = new Uint8Array(before.length + bytes.length);
    after.set(before);
    after.set(bytes, before.length);
    this.files.set(name, after);
  }

  async #experiment(copy: number): Promise<void> {
    const { random } = this;
    const { at } = this.copies[copy];
    const name = random.pick(NAMES);
    const id = this.id();
    const folder = name === "" ? id : `${name}/${id}`;
    const make = async (file: string, text: string) => {
      this.files.set(file, encode(text));
      await at.create(file, encode(text));
    };
    if (random.below(4) === 0) {
      await make(`${folder}/meta.json`, `{"kind":"old","cmd":["x"],"params":{"lr":${random.next()}}}`);
      await make(`${folder}/log.jsonl`, `{"event":"x"}\n`);
      await make(`${folder}/sub/model.bin`, `bytes ${random.next()}`);
      await make(`${folder}/files.json`, `{"sub/model.bin":"00"}`);
      this.#owner.set(`${folder}/log.jsonl`, copy);
      return;
    }
    const run = `${folder}/runs/${this.id()}`;
    const createdAt = `"2026-01-01T09:00:00.000Z"`;
    await make(`${folder}/meta.json`, `{"id":"${id}","kind":"k","name":"${name}","createdAt":${createdAt}}\n`);
    await make(`${run}/meta.json`, `{"id":"${run.slice(-13)}","createdAt":${createdAt}}\n`);
    for (const log of ["log.jsonl", "dbx.log.jsonl"]) {
      await make(`${run}/${log}`, log === "log.jsonl" ? `{"event":"start"}\n` : "");
      this.#owner.set(`${run}/${log}`, copy);
    }
    this.#folders.push(folder);
  }

  async #object(copy: number, size: number): Promise<void> {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 97) bytes[at] = this.random.below(256);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const name = `objects/${hash.slice(0, 2)}/${hash}`;
    if (this.files.has(name)) return;
    this.files.set(name, bytes);
    await this.copies[copy].at.create(name, bytes);
  }

  /** Completes lines that were begun, so that all copies can become equal. */
  async finish(): Promise<void> {
    for (const [name, copy] of this.#owner) {
      const before = this.files.get(name)!;
      if (before.length === 0 || before.at(-1) === 10) continue;
      const bytes = encode(`"}\n`);
      await this.copies[copy].at.append(name, before.length, bytes);
      const after = new Uint8Array(before.length + bytes.length);
      after.set(before);
      after.set(bytes, before.length);
      this.files.set(name, after);
    }
  }

  /** What is wrong in the copies: bytes that nobody wrote, logs that are no beginning, and, if `whole`, what is missing. */
  async faults(whole: boolean, sizes: Map<string, number>): Promise<string[]> {
    const faults: string[] = [];
    for (const [index, { at }] of this.copies.entries()) {
      const seen = await inventoryMap(withBulkFallback(at));
      for (const [name, entry] of seen) {
        if (name === "dbx.json" || entry.partial) continue;
        const truth = this.files.get(name);
        if (truth === undefined) {
          faults.push(`${index}: ${name} was never written`);
          continue;
        }
        const bytes = await at.read(name);
        if (!equal(bytes, truth.subarray(0, bytes.length))) faults.push(`${index}: ${name} differs`);
        if (classifyPath(name) !== "log" && bytes.length !== truth.length) faults.push(`${index}: ${name} is cut`);
        const key = `${index} ${name}`;
        if (bytes.length < (sizes.get(key) ?? 0)) faults.push(`${index}: ${name} went back`);
        sizes.set(key, bytes.length);
      }
      if (!whole) continue;
      for (const [name, truth] of this.files) {
        // A log without a line is not worth a file.
        const size = seen.has(name) ? (await at.read(name)).length : 0;
        if (size !== truth.length) faults.push(`${index}: ${name} has ${size} of ${truth.length} bytes`);
      }
    }
    return faults;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** A store that fails after it took so many bytes, in the middle of whatever comes then. */
export function cutAfter(store: Store, bytes: number): Store {
  const bulk = withBulkFallback(store);
  return wrapStore(bulk, { writeMany: (chunks) => bulk.writeMany(cut(chunks, bytes)) });
}

async function* cut(
  parts: AsyncIterable<readonly FileChunk[]>,
  limit: number,
): AsyncGenerator<readonly FileChunk[], void> {
  let left = limit;
  for await (const batch of parts) {
    for (const part of batch) {
      if (part.bytes.length <= left) {
        left -= part.bytes.length;
        yield [part];
        continue;
      }
      yield [{ ...part, bytes: part.bytes.subarray(0, left), end: false }];
      throw new Error("cut");
    }
  }
}
