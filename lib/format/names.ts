import { UsageError } from "../base/errors.ts";
import { isIdV0 } from "../base/ids.ts";

/** How the files of logs end. */
export const LOG_SUFFIX = ".log.jsonl";

/** The file of a log: `log` is the default one. */
export function logFileName(name: string): string {
  return name === "log" ? "log.jsonl" : name + LOG_SUFFIX;
}

/** The log that a file holds, or undefined if it is no log. */
export function logNameOf(fileName: string): string | undefined {
  if (fileName === "log.jsonl") return "log";
  if (!fileName.endsWith(LOG_SUFFIX)) return undefined;
  return fileName.slice(0, -LOG_SUFFIX.length) || undefined;
}

/** Throws `UsageError` unless a text can name a log. */
export function checkLogName(name: string): void {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/.test(name)) {
    throw new UsageError(
      `Cannot open the log ${
        JSON.stringify(name)
      }: a name has 1 to 100 characters of A-Z a-z 0-9 _ - . and starts with none of .`,
    );
  }
}

const RESERVED = new Set(["runs", "notes", "objects", "dbx.json", "meta.json"]);

/** Throws `UsageError` unless a text can name an experiment: segments between `/`, each fit for a folder. */
export function checkExperimentName(name: string): void {
  if (name === "") return;
  const refuse = (why: string) => {
    throw new UsageError(`Cannot name an experiment ${JSON.stringify(name)}: ${why}`);
  };
  if (name.length > 512) refuse("longer than 512 characters");
  for (const segment of name.split("/")) {
    if (segment === "") refuse("an empty segment between slashes");
    if (segment.startsWith(".")) refuse("a segment starts with a dot");
    if (new TextEncoder().encode(segment).length > 200) refuse("a segment is longer than 200 bytes");
    if (RESERVED.has(segment)) refuse(`"${segment}" is a folder of the format itself`);
    if (isIdV0(segment)) {
      refuse(`"${segment}" has the shape of an id (13 letters, digits or _); add or drop a character`);
    }
    // deno-lint-ignore no-control-regex
    if (/[\x00-\x1f\x7f\\:]/.test(segment)) refuse("control characters, backslashes and colons cannot be in a name");
  }
}

/** The file of an object, by its SHA-256 in lower-case hexadecimal. */
export function objectName(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new UsageError(`Cannot find the object "${sha256}": not a SHA-256`);
  return `objects/${sha256.slice(0, 2)}/${sha256}`;
}

/** The folder of an experiment below the repository. */
export function experimentFolder(experiment: { readonly name: string; readonly id: string }): string {
  return experiment.name === "" ? experiment.id : `${experiment.name}/${experiment.id}`;
}

/** The folder of a run below the repository. */
export function runFolder(experiment: string, run: string): string {
  return `${experiment}/runs/${run}`;
}
