import { lastSegment, parentOf } from "../base/paths.ts";
import { AlreadyExistsError, DamageError, NotFoundError } from "../base/errors.ts";
import { areEqual } from "../base/bytes.ts";
import { checkName } from "./names.ts";
import type { Entry, Stat, Store } from "./store.ts";

/** A store that lives as long as the process: for tests, and as the plainest example of one. */
export class MemoryStore implements Store {
  readonly location = "memory";
  readonly capabilities = { append: true, readOnly: false, remove: true, remote: false };
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  /** What stands directly below each folder. */
  readonly #folders = new Map<string, Map<string, Entry["kind"]>>();

  async *list(folder: string): AsyncIterable<Entry> {
    if (folder !== "") checkName(folder);
    for (const [name, kind] of [...this.#folders.get(folder) ?? []]) yield await Promise.resolve({ name, kind });
  }

  async stat(name: string): Promise<Stat | undefined> {
    if (name === "") return { kind: "folder", size: 0 };
    checkName(name);
    const bytes = await Promise.resolve(this.#files.get(name));
    if (bytes !== undefined) return { kind: "file", size: bytes.length };
    if (this.#folders.has(name)) return { kind: "folder", size: 0 };
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
    if (this.#files.has(name)) throw new AlreadyExistsError(`"${name}" exists in ${this.location}`);
    this.#set(name, bytes);
  }

  async append(name: string, offset: number, data: Uint8Array): Promise<void> {
    checkName(name);
    const before = await Promise.resolve(this.#files.get(name) ?? new Uint8Array());
    const there = before.subarray(offset, offset + data.length);
    if (before.length < offset || !areEqual(there, data.subarray(0, there.length))) {
      const why = before.length < offset ? `it is ${before.length} bytes long` : "it has different bytes there";
      throw new DamageError(`Cannot append to "${name}" at ${offset}: ${why}`, { path: name });
    }
    const bytes = new Uint8Array(Math.max(before.length, offset + data.length));
    bytes.set(before);
    bytes.set(data, offset);
    this.#set(name, bytes);
  }

  async remove(name: string): Promise<void> {
    checkName(name);
    await Promise.resolve();
    if (!this.#files.delete(name)) return;
    for (let gone = name; gone !== "";) {
      const folder = parentOf(gone);
      const own = this.#folders.get(folder);
      own?.delete(lastSegment(gone));
      if (own === undefined || own.size > 0) return;
      this.#folders.delete(folder); // A folder is there as long as something is in it.
      gone = folder;
    }
  }

  #set(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    const isNew = !this.#files.has(name);
    this.#files.set(name, bytes);
    if (!isNew) return;
    let kind: Entry["kind"] = "file";
    for (let child = name; child !== ""; kind = "folder") {
      const folder = parentOf(child);
      const own = this.#folders.get(folder) ?? new Map<string, Entry["kind"]>();
      const last = lastSegment(child);
      const isKnown = own.has(last);
      this.#folders.set(folder, own.set(last, kind));
      if (isKnown) return;
      child = folder;
    }
  }
}
