import { DbxError, messageOf } from "../../../base/errors.ts";
import type { RemoteRepository } from "../../../client/remote_repository.ts";
import { dropSpooled } from "../../../client/spool/purge.ts";
import { spoolFolder } from "../../../client/spool/folder.ts";
import { tombstoneBytes, tombstoneName } from "../../../format/layout/tombstone.ts";
import { purgesOf } from "../../../repo/lookup/purged.ts";
import { LocalStore } from "../../../store/local/local_store.ts";
import { emptyDerived, stampOf } from "../../../store/local/purge/derived.ts";
import type { Purged, PurgeStep } from "../../../store/local/purge/purge.ts";
import type { FileChunk } from "../../../store/store.ts";
import { progressLine } from "../../../terminal/progress.ts";
import type { Context } from "../../../cli/command.ts";
import { indexFolder, indexFolders } from "../../../client/location/index_folder.ts";

/** What was purged; of a server, only what it says. */
export type Done = Pick<Purged, "problems"> & Partial<Pick<Purged, "files" | "bytes" | "objects">>;

/** Has experiments and runs go for good, in a folder or behind a URL. */
export async function carryOut(
  context: Context,
  ids: readonly string[],
  options: { readonly force: boolean; readonly server?: RemoteRepository; readonly objects?: readonly string[] },
): Promise<Done> {
  if (options.server !== undefined) return await atServer(context, options.server, ids);
  const store = new LocalStore(context.repo, { cache: `${indexFolder(context.repo, context)}/folders` });
  const onStep = purgeProgress(context);
  try {
    return await store.purge(ids, {
      force: options.force,
      objects: options.objects,
      derived: indexFolders(context.repo, context),
      signal: context.signal,
      onStep,
      onWait: () => context.stderr.line("dbx: another dbx gc or purge is running here; waiting for it"),
    });
  } finally {
    context.stderr.clear();
  }
}

/** The server purges; what this user keeps of it goes here. */
async function atServer(context: Context, server: RemoteRepository, ids: readonly string[]): Promise<Done> {
  context.stderr.draw("waiting for the server");
  const parts = ids.map((id): FileChunk => {
    const bytes = tombstoneBytes(id);
    return { name: tombstoneName(id), offset: 0, bytes, end: true, size: bytes.length };
  });
  const { setbacks } = await server.store.writeMany(ReadableStream.from([parts]), { signal: context.signal });
  context.stderr.clear();
  const [refused] = setbacks.filter(({ kind }) => kind !== "failed");
  if (refused !== undefined) throw new DbxError(`Cannot purge in ${context.repo}: ${refused.message}`);
  const stamp = stampOf(await purgesOf(await server.snapshot(context.signal)));
  const problems = setbacks.map(({ message }) => message);
  for (const folder of indexFolders(context.repo, context)) {
    await attempt(problems, () => emptyDerived(folder, stamp, context.signal));
  }
  const spool = spoolFolder(context.env);
  if (spool !== undefined) await attempt(problems, () => dropSpooled(spool, server.client.base, ids));
  return { problems };
}

async function attempt(problems: string[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    problems.push(messageOf(error));
  }
}

/** Says what a purge does at the moment, on a terminal. */
function purgeProgress({ stderr }: Context): (step: PurgeStep) => void {
  const draw = progressLine(stderr);
  const seen: Partial<Record<PurgeStep, number>> = {};
  return (step) => {
    const count = seen[step] = (seen[step] ?? 0) + 1;
    draw(() => {
      if (step === "looking") return `searched ${count} folders`;
      return step === "objects" ? `finding other references to the files: ${count} pieces read` : "removing";
    });
  };
}
