import { NotFoundError } from "../../base/errors.ts";
import { lastSegment } from "../../base/paths.ts";
import { looksLikeDatabase } from "../files/database_file.ts";
import { folderEntries } from "../files/folder_entries.ts";
import { isFolder, readSmallFile } from "../files/source_files.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";

/** Reads what MLflow keeps: the database `mlflow.db`, or a folder `mlruns`. */
export const reader: ForeignReader = {
  kind: "mlflow",
  title: "MLflow's mlflow.db and mlruns/",
  detect: async (path) => (await storesAt(path)).length > 0,
  open,
};

/** Where one of the two is. */
interface Store {
  readonly path: string;
  readonly isFolder: boolean;
}

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const stores = await storesAt(path);
  if (stores.length === 0) {
    throw new NotFoundError(
      `Cannot read "${path}": it is neither a database of MLflow nor a folder such as mlruns, nor holds one`,
    );
  }
  for (const store of stores) {
    if (store.isFolder) {
      const { readFileStore } = await import("./file_store_reader.ts");
      yield* readFileStore(store.path, options);
    } else {
      const { readDatabase } = await import("./database_reader.ts");
      yield* readDatabase(store.path, lastSegment(store.path), options);
    }
  }
}

/** The stores at a path, or in a folder. The folder beside a database may only hold its artifacts. */
async function storesAt(path: string): Promise<Store[]> {
  if (!await isFolder(path)) return await isMlflowDatabase(path) ? [{ path, isFolder: false }] : [];
  if (await isFileStore(path)) return [{ path, isFolder: true }];
  const stores: Store[] = [];
  for (const name of ["mlflow.db", "mlruns.db"]) {
    if (await isMlflowDatabase(`${path}/${name}`)) stores.push({ path: `${path}/${name}`, isFolder: false });
  }
  if (await isFileStore(`${path}/mlruns`)) stores.push({ path: `${path}/mlruns`, isFolder: true });
  return stores;
}

async function isMlflowDatabase(path: string): Promise<boolean> {
  return await looksLikeDatabase(path, ["latest_metrics", "experiments"]);
}

/** Whether a folder holds experiments of MLflow's file store: folders with a `meta.yaml` that says so. */
async function isFileStore(path: string): Promise<boolean> {
  for (const { name } of (await folderEntries(path)).filter(({ isFolder }) => isFolder)) {
    const text = await readSmallFile(`${path}/${name}/meta.yaml`);
    if (text !== undefined && /^experiment_id:/m.test(new TextDecoder().decode(text))) return true;
  }
  return false;
}
