import { parseRepositoryConfig } from "../../../format/definitions/repository_config.ts";
import { classifyPath, type FileKind } from "../../../format/layout/file_kind.ts";
import { privacyOf, PRIVATE } from "../../../format/layout/file_modes.ts";
import { temporaryBeside, writeAllSync } from "../../../fs/files/file_operations.ts";
import type { FileChunk } from "../../store.ts";
import { openUpload, type Upload } from "../files/uploads.ts";
import type { WriteTarget } from "./write_target.ts";
import { closeFile, type WrittenGroup } from "./written_group.ts";

/** An object, or another file that comes with its hash, can be resumed if it has more bytes: what has arrived of it stays. */
const RESUMABLE = 1024 * 1024;

/** The file whose chunks are coming. */
interface Incoming {
  readonly name: string;
  readonly file: Deno.FsFile;
  readonly temporary: string;
  readonly upload?: Upload;
  /** Where the first chunk began, and bytes that are there. */
  readonly from: number;
  size: number;
}

/** Writes files that appear when all of them is there, under other names until then. */
export class IncomingFiles {
  #file: Incoming | undefined;

  constructor(readonly target: WriteTarget, readonly group: WrittenGroup) {}

  /** The file of which some chunks have come, but not the last one. */
  get name(): string | undefined {
    return this.#file?.name;
  }

  write(chunk: FileChunk, kind: FileKind): void {
    const sha256 = resumableHash(chunk, kind);
    if (sha256 === undefined) this.#writeWhole(chunk, kind);
    else this.#resume(chunk, kind, sha256);
  }

  #writeWhole(chunk: FileChunk, kind: FileKind): void {
    const { name, bytes, end, modifiedAt } = chunk;
    const coming = this.#file ??= this.#begin(chunk, kind);
    if (coming === undefined || !this.#follows(chunk, coming)) return;
    writeAllSync(coming.file, bytes);
    coming.size += bytes.length;
    if (!end) return;
    this.#file = undefined;
    this.target.folders.makeFor(name);
    const sha256 = kind === "object" ? name.slice(-64) : chunk.sha256;
    const { file, temporary, size } = coming;
    this.group.add({ file, name, kind, temporary, sha256, bytes: size, modifiedAt });
  }

  /** Opens the file that gets the first chunk of another one; undefined where the report says why not. */
  #begin(chunk: FileChunk, kind: FileKind): Incoming | undefined {
    const { name, offset, bytes } = chunk;
    const { report, root, folders } = this.target;
    if (offset !== 0) return void report.addGap(chunk, 0);
    if (kind === "marker") {
      parseRepositoryConfig(new TextDecoder().decode(bytes));
      root.makeFolder(""); // It makes the repository.
    }
    folders.makeFor(name);
    const temporary = temporaryBeside(name);
    const file = root.open(temporary, { read: true, write: true, createNew: true, ...privacyOf(name, bytes) });
    return { name, file, temporary, size: 0, from: 0 };
  }

  /** A large file of a known hash grows under `.dbx/incoming`, so that a cut transfer goes on where it ended. */
  #resume(chunk: FileChunk, kind: FileKind, sha256: string): void {
    const { name, offset, bytes, end, size, modifiedAt } = chunk;
    const { report, root, guard, folders } = this.target;
    if (kind === "object" && this.target.isThere(name)) return this.#passOver(chunk);
    if (this.#file === undefined) {
      const upload = openUpload(root, sha256, offset, kind === "definition" ? PRIVATE : {});
      if ("there" in upload) return report.addGap(chunk, upload.there);
      this.#file = { name, file: upload.file, temporary: upload.name, upload, size: offset, from: offset };
    }
    const coming = this.#file;
    if (!this.#follows(chunk, coming)) return;
    guard?.part(name, bytes.length, coming.size === 0 && offset === 0);
    writeAllSync(coming.file, bytes);
    coming.size += bytes.length;
    report.addBytes(bytes.length);
    if (!end) return;
    if (coming.size !== size) {
      this.abandon();
      return report.add(chunk, "retry", `${coming.size} bytes arrived of ${size}`);
    }
    this.#file = undefined;
    folders.makeFor(name);
    const { file, temporary, upload, from } = coming;
    this.group.add({ file, name, kind, temporary, sha256, upload, from, bytes: 0, modifiedAt });
  }

  #follows(chunk: FileChunk, { size }: Incoming): boolean {
    if (chunk.offset === size) return true;
    this.abandon();
    this.target.report.add(chunk, "retry", `bytes from ${chunk.offset} arrived where ${size} exist`);
    return false;
  }

  /** Another one was faster: what has come of it is of no more use. */
  #passOver(chunk: FileChunk): void {
    if (this.#file !== undefined) this.target.root.remove(this.#file.temporary);
    this.abandon();
    this.target.report.skipRest(chunk);
  }

  /** Closes the file whose chunks were coming. What can be resumed stays. */
  abandon(): void {
    if (this.#file === undefined) return;
    const { file, temporary, upload } = this.#file;
    this.#file = undefined;
    if (upload === undefined || !upload.isKept || file.statSync().size === 0) this.target.root.remove(temporary);
    closeFile(file, upload);
  }

  /** All has come. */
  finish(): void {
    if (this.#file === undefined || this.#file.upload !== undefined) return;
    const message = "its end did not arrive, and nothing of it was stored";
    this.target.report.add({ name: this.#file.name, end: true }, "retry", message);
  }
}

/** The hash of a file that can be resumed: one that is long, and of which a hash is known. */
export function resumableHash(
  { name, size, sha256 }: FileChunk,
  kind: FileKind | undefined = classifyPath(name),
): string | undefined {
  if (size <= RESUMABLE) return undefined;
  return kind === "object" ? name.slice(-64) : kind === "log" ? undefined : sha256;
}
