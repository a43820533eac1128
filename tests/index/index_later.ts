import { FileCatalogue } from "../../lib/query/snapshot/catalogue/file_catalogue.ts";
import { takeSnapshot } from "../../lib/query/snapshot/snapshot.ts";
import { sourceOf } from "../../lib/query/snapshot/source.ts";
import { openReader } from "../../lib/repo/open.ts";

const NEEDS = { status: false, runs: true, runStatus: false, logs: true, columns: true };

/** Makes the index of a repository as a dbx does to whose clock nothing there is new: all of it is kept. */
export async function indexLater(path: string): Promise<void> {
  const folder = `${path}/.dbx/index`;
  const catalogue = new FileCatalogue(folder, { now: () => Date.now() + 60_000 });
  const source = sourceOf(await openReader(path, { catalogue }), { folder });
  source.index.worthWriting = { bytes: 0, logs: 1 };
  await takeSnapshot([source], NEEDS, { now: Date.now(), all: true });
  catalogue.save();
}
