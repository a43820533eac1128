import { definitionDeviations, idIn } from "../../format/definitions/definition_deviations.ts";
import { References } from "../../format/layout/object_references.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** Looks at a definition, or the marker, that can be read: for what a writer must not write, and for objects that are not here. */
export async function* checkDefinition(
  repo: Repository,
  path: string,
  version: 0 | 1,
): AsyncIterableIterator<Problem> {
  const bytes = await repo.store.read(path).catch(() => undefined);
  if (bytes === undefined) return; // That it cannot be read is said elsewhere.
  if (!isUtf8(bytes)) {
    const message = "some bytes are not UTF-8 and are read as U+FFFD; restore the file from another copy";
    yield problem("not-utf8", { path, message });
  }
  const own = path.split("/").at(-2);
  if (version === 1 && own !== undefined && idIn(bytes) !== own) {
    yield problem("wrong-id", {
      path,
      message: `the id is "${idIn(bytes)}", but the folder is "${own}", which counts`,
    });
  }
  for (const odd of definitionDeviations(bytes, version)) {
    yield problem("irregular-definition", { path, message: `${odd}; it is read anyway` });
  }
  if (version === 0) return; // The bytes of its files are beside it.
  for (const message of await missingObjects(repo, path, bytes)) yield problem("missing-object", { path, message });
}

/** What is to be said of objects that a definition or some lines refer to and that are not here. */
export async function missingObjects(
  repo: Repository,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string[]> {
  const references = new References();
  references.add({ name, bytes, end: true });
  const missing: string[] = [];
  for (const object of references.objects) {
    if (await repo.store.stat(object) === undefined) {
      missing.push(`refers to the object ${object.slice(-64)}, which is not here`);
    }
  }
  return missing;
}

function isUtf8(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });
