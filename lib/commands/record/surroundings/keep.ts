import type { CommandEnvironment } from "../../../cli/command.ts";
import type { JsonObject } from "../../../base/json.ts";
import { isBelow } from "../../../base/paths.ts";
import { FILE_EVENT, PACKAGES_FILE, SCRIPT_PREFIX } from "../../../format/events/file_event.ts";
import { expfile } from "../../../format/json/special_values.ts";
import type { GitState } from "../../../logger/git.ts";
import type { LogWriter } from "../../../logger/log/log_writer.ts";
import type { Redactor } from "../../../redact/redactor.ts";
import type { LocalStore } from "../../../store/local/local_store.ts";
import { putObject } from "../../../store/local/objects.ts";
import { type CodePlace, keepCode } from "./keep_code.ts";
import type { Surroundings } from "./find.ts";
import { pythonPackages, pythonVersion } from "./python_packages.ts";
import { scriptFiles } from "./script_files.ts";

/** Where what surrounds a run is kept. */
export interface SurroundingsPlace {
  readonly store: LocalStore;
  readonly exp: string;
  readonly redactor: Redactor;
  /** Opens the log `code`; not called if there is nothing to write. */
  readonly open: () => LogWriter;
  /** Writes an event to the log `dbx`. */
  readonly say: (event: string, data: JsonObject) => void;
}

/** What `permissions` found for a worker. */
export function surroundingsOf({ found }: Pick<CommandEnvironment, "found">): Surroundings {
  return found?.surroundings as Surroundings | undefined ?? {};
}

/** Keeps the code of a run that git does not know, and its Python packages. `untracked`: as git lists it. */
export async function keepSurroundings(
  { python, script, tree }: Surroundings,
  untracked: GitState["untracked"],
  place: SurroundingsPlace,
): Promise<void> {
  let log: LogWriter | undefined;
  const open = () => log ??= place.open();
  if (untracked !== undefined && tree !== undefined) {
    const paths = withoutRepositories(untracked.paths, untracked.top, place.store.path(""));
    await keepFolder(untracked.top, paths, { ...place, open });
  }
  if (script !== undefined && (untracked === undefined || !isBelow(script, untracked.top))) {
    const { folder, paths } = scriptFiles(script);
    const prefix = untracked === undefined ? undefined : SCRIPT_PREFIX;
    await keepFolder(folder, withoutRepositories(paths, folder, place.store.path("")), { ...place, open, prefix });
  }
  if (python === undefined) return;
  const packages = pythonPackages(python);
  place.say("dbx/python", {
    version: pythonVersion(python),
    prefix: place.redactor.text(python.prefix),
    packages: packages.length,
  } as JsonObject);
  if (packages.length === 0) return;
  const { sha256, size } = await putObject(place.store, new TextEncoder().encode(packages.join("\n") + "\n"));
  const file = expfile({ exp: place.exp, name: PACKAGES_FILE, sha256 });
  open().write(FILE_EVENT, { name: PACKAGES_FILE, size, file });
}

async function keepFolder(
  folder: string,
  paths: readonly string[],
  place: CodePlace & Pick<SurroundingsPlace, "say">,
): Promise<void> {
  const kept = await keepCode(folder, paths, place);
  if (kept !== undefined) place.say("dbx/code", { folder: place.redactor.text(folder), ...kept });
}

/** Without what stands in a repository of dbx: the one that is written, and those whose marker is among the paths. */
function withoutRepositories(paths: readonly string[], folder: string, repository: string): readonly string[] {
  const repositories = paths.filter((path) => path.endsWith("/dbx.json")).map((path) =>
    path.slice(0, -"dbx.json".length)
  );
  return paths.filter((path) =>
    !isBelow(`${folder}/${path}`, repository) && !repositories.some((start) => path.startsWith(start))
  );
}
