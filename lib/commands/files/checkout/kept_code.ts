import { isObject } from "../../../base/json.ts";
import { isExpfile } from "../../../format/json/special_values.ts";
import type { Run } from "../../../repo/experiments/run.ts";
import { CODE_LOG, CODE_PREFIX, FILE_EVENT, PACKAGES_FILE, SCRIPT_PREFIX } from "../../../format/events/file_event.ts";

/** A file of code that was kept with a run. */
export interface CodeFile {
  /** Relative to the top of the working tree, or without git to the folder of the script. */
  readonly path: string;
  /** As the file of the run is called. */
  readonly name: string;
  readonly exp: string;
  readonly sha256: string;
  readonly size: number;
  readonly executable: boolean;
  /** Whether something that looked like a secret was taken out. */
  readonly redacted: boolean;
}

/** What a run kept of its code. */
export interface KeptCode {
  readonly files: readonly CodeFile[];
  /** The folder that the paths were relative to, on the machine of the run; undefined where nothing says it. */
  readonly folder: string | undefined;
  /** How many files were too large, or too many. */
  readonly leftOut: number;
  /** Whether the versions of Python packages were kept. */
  readonly hasPackages: boolean;
}

/** Reads from the logs of a run what it kept of its code. */
export async function keptCode(run: Run, signal: AbortSignal): Promise<KeptCode> {
  const logs = await run.logs();
  const files = new Map<string, CodeFile>();
  let hasPackages = false;
  if (logs.includes(CODE_LOG)) {
    for await (const { event, data } of run.log(CODE_LOG).read({ signal })) {
      const { name, size, file } = data;
      if (event !== FILE_EVENT || typeof name !== "string" || !isExpfile(file)) continue;
      if (name === PACKAGES_FILE) hasPackages = true;
      if (!name.startsWith(CODE_PREFIX) && !name.startsWith(SCRIPT_PREFIX)) continue;
      files.set(name, {
        path: name.startsWith(CODE_PREFIX) ? name.slice(CODE_PREFIX.length) : name,
        name,
        exp: file.exp,
        sha256: file.sha256,
        size: Number(size),
        executable: data.executable === true,
        redacted: data.redacted === true,
      });
    }
  }
  let folder: string | undefined;
  let leftOut = 0;
  if (logs.includes("dbx")) {
    for await (const { event, data } of run.log("dbx").read({ signal })) {
      if (event !== "dbx/code" || !isObject(data)) continue;
      if (typeof data.folder === "string") folder ??= data.folder;
      if (typeof data.leftOut === "number") leftOut += data.leftOut;
    }
  }
  return { files: [...files.values()], folder, leftOut, hasPackages };
}
