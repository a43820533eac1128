import { DamageError, NotFoundError } from "../base/errors.ts";
import { checkName } from "./names.ts";
import type { Entry, Stat, Store } from "./store.ts";

/** A store that lives as long as the process: for tests, and as the plainest example of one. */
export class MemoryStore implements Store {
  readonly location = "memory";
  readonly capabilities = { append: true, readOnly: false, remove: true, remote: false };
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();

  async *list(folder: string): AsyncIterable<Entry> {
    if (folder !== "") checkName(folder);
    const prefix = folder === "" ? "" : folder + "/";
    const seen = new Map<string, Entry["kind"]>();
    for (const name of this.#files.keys()) {
      if (!name.startsWith(prefix)) continue;
      const [first, ...deeper] = name.slice(prefix.length).split("/");
      seen.set(first, deeper.length > 0 ? "folder" : "file");
    }
    for (const [name, kind] of seen) yield await Promise.resolve({ name, kind });
  }

  async stat(name: string): Promise<Stat | undefined> {
    checkName(name);
    const bytes = await Promise.resolve(this.#files.get(name));
    if (bytes !== undefined) return { kind: "file", size: bytes.length };
    for (const other of this.#files.keys()) if (other.startsWith(name + "/")) return { kind: "folder", size: 0 };
  }

  async read(
    name: string,
    options: { readonly offset?: number; readonly length?: number } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    checkName(name);
    const bytes = await Promise.resolve(this.#files.get(name));
    if (bytes === undefined) throw new NotFoundError(`Cannot read "${name}": no such file in ${this.location}`);
    const { offset = 0, length = bytes.length } = options;
    return bytes.slice(offset, offset + length);
  }

  async stream(
    name: string,
    options: { readonly offset?: number } = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return new Blob([await this.read(name, options)]).stream();
  }

  async create(name: string, data: Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
    checkName(name);
    const bytes = new Uint8Array(await new Response(data as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
    if (this.#files.has(name)) throw new Deno.errors.AlreadyExists(`"${name}" exists`);
    this.#files.set(name, bytes);
  }

  async append(name: string, offset: number, data: Uint8Array): Promise<void> {
    checkName(name);
    const before = await Promise.resolve(this.#files.get(name) ?? new Uint8Array());
    if (before.length !== offset) {
      throw new DamageError(`Cannot append to "${name}" at ${offset}: it is ${before.length} bytes long`, {
        path: name,
      });
    }
    const bytes = new Uint8Array(offset + data.length);
    bytes.set(before);
    bytes.set(data, offset);
    this.#files.set(name, bytes);
  }

  async remove(name: string): Promise<void> {
    checkName(name);
    await Promise.resolve(this.#files.delete(name));
  }
}
