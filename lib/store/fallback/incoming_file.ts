import { createHash } from "node:crypto";
import { areEqual, concat } from "../../base/bytes.ts";
import { AlreadyExistsError, messageOf } from "../../base/errors.ts";
import type { FileKind } from "../../format/layout/file_kind.ts";
import type { FileIssue, Store } from "../store.ts";
import { extendsV0Manifest } from "../v0_manifest.ts";

/** A file that appears in a store when all of its bytes have come. */
export class IncomingFile {
  readonly #hash = createHash("sha256");
  /** All but an object is compared with a file of its name that is there. */
  readonly #bytes: Uint8Array[] = [];
  readonly #controller: TransformStreamDefaultController<Uint8Array>;
  /** The error with which the store rejected it, if it did. */
  readonly #done: Promise<unknown>;
  #isRejected = false;

  constructor(readonly store: Store, readonly name: string, readonly kind: FileKind) {
    let own!: TransformStreamDefaultController<Uint8Array>;
    const { readable } = new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => void (own = controller),
    });
    this.#controller = own;
    this.#done = store.create(name, readable).catch(async (error) => {
      this.#isRejected = true;
      await readable.cancel().catch(() => {});
      return error;
    });
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.kind === "object") this.#hash.update(bytes);
    else this.#bytes.push(bytes);
    if (!this.#isRejected) this.#controller.enqueue(bytes);
  }

  /** No more bytes come; what went wrong. */
  async finish(): Promise<FileIssue | undefined> {
    if (this.kind === "object" && this.#hash.digest("hex") !== this.name.slice(-64)) {
      await this.abort("damaged");
      return { name: this.name, kind: "damaged", message: "its bytes do not have the SHA-256 that its name gives" };
    }
    this.#controller.terminate();
    const error = await this.#done;
    if (error === undefined) return undefined;
    if (error instanceof AlreadyExistsError) return this.kind === "object" ? undefined : await this.#compare();
    return { name: this.name, kind: "failed", message: messageOf(error) };
  }

  /** Nothing of it stays. */
  async abort(why: string): Promise<void> {
    this.#controller.error(new Error(why));
    await this.#done;
  }

  /** Whether the file that is there is the same one. */
  async #compare(): Promise<FileIssue | undefined> {
    const { name, store } = this;
    const [ours, theirs] = [await store.read(name), concat(this.#bytes)];
    if (areEqual(ours, theirs)) return undefined;
    if (this.kind === "registry" && extendsV0Manifest(ours, theirs)) {
      await store.remove(name);
      await store.create(name, theirs);
      return undefined;
    }
    return { name, kind: "diverged", message: "another file of that name exists" };
  }
}
