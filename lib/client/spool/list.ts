import { isObject } from "../../base/json.ts";
import { isGoing } from "../../fs/folders/writable_folder.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { isAddition } from "../../repo/experiments/addition.ts";
import { openReader } from "../../repo/open.ts";
import { ALIVE_MS, lastAlive } from "./alive.ts";
import { SpoolLock } from "./lock.ts";
import { ABOUT_FILE } from "./purge.ts";

/** A spool that is on the disk. */
export interface SpoolEntry {
  readonly path: string;
  readonly url: string;
  /** For whose token it was begun; undefined: without one. */
  readonly user?: string;
  /** Whether a process of dbx writes or sends it. */
  readonly isAlive: boolean;
  /** Whether every run in it has ended. Where one has not, its program may live on, and write to it. */
  readonly hasEnded: boolean;
  /** Milliseconds since the Unix epoch: the last sign of life. */
  readonly aliveAt: number;
  /** Milliseconds since the Unix epoch: when something was last written there. */
  readonly changedAt: number;
}

/** The spools below a folder. */
export async function listSpools(folder: string, now: number): Promise<SpoolEntry[]> {
  const found: SpoolEntry[] = [];
  let entries: Deno.DirEntry[];
  try {
    entries = new RootFolder(folder).list("");
  } catch {
    return found;
  }
  for (const { name, isDirectory } of entries) {
    const path = `${folder}/${name}`;
    if (!isDirectory) continue;
    const root = new RootFolder(path);
    if (isGoing(name)) {
      // A kill left it; all of it is on the server.
      if (SpoolLock.isHeld(root) !== true) root.removeAll();
      continue;
    }
    try {
      const about: unknown = JSON.parse(root.readText(ABOUT_FILE));
      if (!isObject(about) || typeof about.url !== "string") continue;
      const aliveAt = lastAlive(root);
      const repository = await openReader(path);
      let hasEnded = true;
      let changedAt = aliveAt;
      for await (const experiment of repository.experiments()) {
        for (const run of await experiment.runs()) {
          // An addition is a whole from the beginning: only the dbx that made it writes it.
          hasEnded &&= isAddition(run.definition) || (await run.status(now)).endedAt !== undefined;
          for (const log of await run.logs()) {
            const stat = await repository.store.stat(run.log(log).file);
            changedAt = Math.max(changedAt, stat?.modifiedAt ?? 0);
          }
        }
      }
      const isAlive = SpoolLock.isHeld(root) ?? now - aliveAt < 3 * ALIVE_MS;
      const user = typeof about.user === "string" ? about.user : undefined;
      found.push({ path, url: about.url, user, isAlive, hasEnded, aliveAt, changedAt });
    } catch {
      // It is being made or removed at this moment.
    }
  }
  return found;
}
