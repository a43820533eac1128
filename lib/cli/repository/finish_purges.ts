import { isUrl } from "../../base/server_url.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { purgingIds, readJournal } from "../../store/local/purge/journal.ts";
import type { ProcessContext } from "../command.ts";

/** Goes on with purges of the repository that were cut off, where this command may write there. One look where there are none. */
export async function finishPurges(context: ProcessContext): Promise<void> {
  const { repo, stderr } = context;
  if (isUrl(repo) || !may("read", repo) || !may("write", repo)) return;
  const root = new RootFolder(repo);
  const ids = purgingIds(root).filter((id) => !readJournal(root, id).isStuck);
  if (ids.length === 0) return;
  stderr.line(`dbx: finishing a purge that was cut off: ${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ", …" : ""}`);
  const { LocalStore } = await import("../../store/local/local_store.ts");
  const { problems } = await new LocalStore(repo).purge([], {
    signal: context.signal,
    onWait: () => stderr.line("dbx: another dbx gc or purge is running here; waiting for it"),
  });
  for (const problem of problems) stderr.line(`dbx: not everything was removed: ${problem}`);
}

function may(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}
