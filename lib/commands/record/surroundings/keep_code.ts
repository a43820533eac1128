import type { JsonObject } from "../../../base/json.ts";
import { CODE_PREFIX, FILE_EVENT } from "../../../format/events/file_event.ts";
import { expfile } from "../../../format/json/special_values.ts";
import { lookAtUserFile, readUserFile } from "../../../fs/files/user_files.ts";
import type { LogWriter } from "../../../logger/log/log_writer.ts";
import { redactDiff } from "../../../redact/diff.ts";
import type { Redactor } from "../../../redact/redactor.ts";
import { putObject } from "../../../store/local/objects.ts";
import type { LocalStore } from "../../../store/local/local_store.ts";
import { isCode } from "./code_names.ts";

/** A larger file, in bytes, is data rather than code. */
const MAX_FILE_BYTES = 512 * 1024;

/** Bytes of all files: to read and redact them holds up the start. */
const MAX_TOTAL_BYTES = 8 * 1024 * 1024;

/** Files that are kept at most. */
const MAX_FILES = 1000;

/** Names of what is left out that are recorded at most. */
const MAX_LEFT = 20;

/** Where code is kept. */
export interface CodePlace {
  readonly store: LocalStore;
  readonly exp: string;
  readonly redactor: Redactor;
  /** Opens the log `code`; not called if there is nothing to write. */
  readonly open: () => LogWriter;
  /** What begins the names of the files. Default: {@linkcode CODE_PREFIX}. */
  readonly prefix?: string;
}

/**
 * Keeps files of code as files of a run, without what looks like a secret. Returns how many were kept, and what was left out since it
 * is too large or too much; undefined if there is no code. `folder`: an absolute path, to which `paths` are relative.
 */
export async function keepCode(
  folder: string,
  paths: readonly string[],
  { store, exp, redactor, open, prefix = CODE_PREFIX }: CodePlace,
): Promise<JsonObject | undefined> {
  let files = 0, bytes = 0, redacted = 0;
  const left: string[] = [];
  let leftOut = 0;
  let log: LogWriter | undefined;
  for (const path of paths) {
    if (!isCode(path)) continue;
    const info = lookAtUserFile(`${folder}/${path}`);
    if (info?.isFile !== true) continue;
    const data = info.size > MAX_FILE_BYTES || bytes + info.size > MAX_TOTAL_BYTES || files === MAX_FILES
      ? undefined
      : readUserFile(`${folder}/${path}`);
    if (data === undefined) {
      leftOut++;
      if (left.length < MAX_LEFT) left.push(redactor.text(path));
      continue;
    }
    const kept = redactDiff(data, redactor);
    const name = prefix + path;
    const { sha256, size } = await putObject(store, kept);
    log ??= open();
    log.write(FILE_EVENT, {
      name,
      size,
      file: expfile({ exp, name, sha256 }),
      ...((info.mode ?? 0) & 0o100) !== 0 && { executable: true },
      ...kept !== data && { redacted: true },
    });
    files++;
    bytes += data.length;
    if (kept !== data) redacted++;
  }
  if (files === 0 && leftOut === 0) return undefined;
  return { files, bytes, ...redacted > 0 && { redacted }, ...leftOut > 0 && { leftOut, left } };
}
