import { messageOf } from "../../base/errors.ts";
import { objectName, OBJECTS_FOLDER } from "../../format/layout/names.ts";
import { isSha256 } from "../../format/json/special_values.ts";
import { TEMPORARY_PREFIX } from "../../fs/files/file_operations.ts";
import { hashStream } from "../../store/local/objects.ts";
import type { Checking } from "./checking.ts";
import { unfinishedProblem } from "./strays.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** Looks at the names of objects, and with `readData` at their bytes. */
export async function* checkObjects(repo: Repository, { options, done }: Checking): AsyncIterableIterator<Problem> {
  for (const shelf of await repo.entries(OBJECTS_FOLDER)) {
    if (shelf.name.startsWith(TEMPORARY_PREFIX)) {
      yield unfinishedProblem(`${OBJECTS_FOLDER}/${shelf.name}`);
      continue;
    }
    if (shelf.kind === "file" && !shelf.isLink) yield strayProblem(`${OBJECTS_FOLDER}/${shelf.name}`);
    for (const entry of await repo.entries(`${OBJECTS_FOLDER}/${shelf.name}`)) {
      options.signal?.throwIfAborted();
      const path = `${OBJECTS_FOLDER}/${shelf.name}/${entry.name}`;
      if (entry.name.startsWith(TEMPORARY_PREFIX)) {
        yield unfinishedProblem(path);
        continue;
      }
      if (!isSha256(entry.name) || objectName(entry.name) !== path) {
        yield strayProblem(path);
        continue;
      }
      if (options.readData) yield* checkBytes(repo, path, entry.name);
      done.objects++;
      options.onProgress?.(done);
    }
  }
}

function strayProblem(path: string): Problem {
  return problem("stray", { path, message: "not an object's name; dbx leaves it alone" });
}

async function* checkBytes(repo: Repository, path: string, name: string): AsyncIterableIterator<Problem> {
  try {
    const { sha256 } = await hashStream(await repo.store.stream(path));
    if (sha256 === name) return;
    const message = `the contents have the SHA-256 ${sha256}; restore it from another copy`;
    yield problem("wrong-hash", { path, message });
  } catch (error) {
    yield problem("unreadable", { path, message: messageOf(error) });
  }
}
