import { createHash } from "node:crypto";
import { keepFile } from "../../store/local/keep_file.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { hashStream, putObject, type StoredObject } from "../../store/local/objects.ts";
import { DbxError } from "../../base/errors.ts";
import { parentOf } from "../../base/paths.ts";
import { realPath } from "../../fs/access/real_path.ts";
import { lookAtUserFile } from "../../fs/files/user_files.ts";
import { openSource } from "../files/source_files.ts";
import type { ForeignContent } from "../foreign.ts";

/**
 * Keeps the contents of a file in a repository, or only hashes them where nothing is to be written. Undefined for a file that
 * is gone, or changes all the time. A link is followed to a file of the project: what lies beside the source, or below that.
 *
 * @param source The absolute path of what is imported.
 * @throws {DbxError} For a link that leads elsewhere: whoever made the source would choose what is copied.
 */
export async function keepContent(
  store: LocalStore,
  content: ForeignContent,
  source: string,
  { dryRun, signal }: { readonly dryRun: boolean; readonly signal?: AbortSignal },
): Promise<StoredObject | undefined> {
  if ("bytes" in content) {
    if (!dryRun) return await putObject(store, content.bytes);
    return { sha256: createHash("sha256").update(content.bytes).digest("hex"), size: content.bytes.length };
  }
  if ("path" in content) checkLink(content.path, source);
  if ("path" in content && !dryRun) {
    const kept = await keepFile(store, content.path, { signal });
    if (kept !== undefined) return kept;
  }
  const stream = "path" in content ? await openSource(content.path) : content.stream();
  if (stream === undefined) return undefined;
  if (!dryRun) return await putObject(store, stream);
  return await hashStream(stream);
}

function checkLink(path: string, source: string): void {
  if (lookAtUserFile(path)?.isSymlink !== true) return;
  const real = realPath(source);
  if (realPath(path).startsWith(`${parentOf(real) || real}/`)) return;
  throw new DbxError("it is a link to a file outside of the folder in which the source is");
}
