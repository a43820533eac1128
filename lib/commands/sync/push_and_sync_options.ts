import { parseDuration, parseTime } from "../../base/durations.ts";
import { UsageError } from "../../base/errors.ts";
import type { Selection } from "../../sync/select.ts";
import type { OptionSpec, Parsed } from "../../cli/command.ts";
import { INSECURE_OPTION } from "../../cli/common_options.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";
import { rateOf } from "../../cli/rate.ts";

/** Options of clone, push, pull and sync. */
export const SYNC_OPTIONS = [
  {
    name: "where",
    short: "w",
    kind: "text",
    value: "COND",
    help: "only experiments for which this is true, as in dbx query",
  },
  { name: "id", short: "i", kind: "list", value: "ID", help: "only this experiment" },
  { name: "kind", short: "k", kind: "list", value: "K", help: "only this kind" },
  { name: "name", kind: "list", value: "GLOB", help: "only names that match this glob" },
  { name: "since", kind: "text", value: "TIME", help: "only experiments created since: 2026-01-31, or 12h or 7d ago" },
  {
    name: "objects",
    kind: "flag",
    help: "include files (--no-objects: only logs, leave files for later)",
    default: "on",
  },
  { name: "objects-only", kind: "flag", help: "only files" },
  {
    name: "purges",
    kind: "flag",
    help: "permanently remove what the other side has purged (--no-purges: purge nothing on either side)",
    default: "on",
  },
  { name: "verify", kind: "flag", help: "compare all contents, even of files with the same length and time" },
  { name: "dry-run", kind: "flag", help: "print what would be transferred, and transfer nothing" },
  { name: "watch", kind: "flag", help: "keep running and send changes within a second" },
  { name: "limit", kind: "text", value: "RATE", help: "maximum bytes a second: 500k, 2M" },
  {
    name: "token-file",
    kind: "text",
    value: "FILE",
    help: "the token for a server",
    default: "$DBX_TOKEN, else that of dbx login",
  },
  INSECURE_OPTION,
  { name: "remote-dbx", kind: "text", value: "PATH", help: "the dbx program on the other side of ssh", default: "dbx" },
  ...ACTION_OPTIONS,
] as const satisfies readonly OptionSpec[];

/** A command line of one of them. */
export type SyncArgs = Parsed<typeof SYNC_OPTIONS>;

/** Options of push and sync, whose other side need not be there. */
export const TARGET_OPTIONS = [
  ...SYNC_OPTIONS,
  { name: "create", kind: "flag", help: "create the other repository if it does not exist" },
] as const satisfies readonly OptionSpec[];

/** What their exit codes mean. */
export const SYNC_EXIT_CODES = {
  1: "a log has diverged or a file could not be transferred; everything else is transferred nevertheless",
};

/** What a command line says of tokens. */
export function tokenOptions(parsed: SyncArgs): { readonly tokenFile?: string; readonly insecure?: boolean } {
  return { tokenFile: parsed.options["token-file"], insecure: parsed.options.insecure };
}

/** Which experiments a command line means. */
export function selectionOf(parsed: SyncArgs, now: number): Selection {
  const since = parsed.options.since;
  return {
    where: parsed.options.where,
    ids: parsed.options.id,
    kinds: parsed.options.kind,
    names: parsed.options.name,
    since: since === undefined ? undefined : sinceOf(since, now),
  };
}

/** The time that a date or a length of time before now means, in milliseconds since the Unix epoch. */
export function sinceOf(word: string, now: number): number {
  const span = parseDuration(word);
  const time = span === undefined ? parseTime(word) : now - span;
  if (time !== undefined) return time;
  throw new UsageError(
    `Cannot use "${word}" as --since: expected a date such as 2026-01-31, or a duration such as 7d`,
  );
}

/** Bytes a second that may be sent; undefined: any number. */
export function limitOf(parsed: SyncArgs): number | undefined {
  const word = parsed.options.limit;
  return word === undefined ? undefined : rateOf(word, "limit");
}

/** Refuses what cannot be meant together. */
export function checkOptions(parsed: SyncArgs): void {
  if (parsed.options["objects-only"] && !parsed.options.objects) {
    throw new UsageError("Cannot use --objects-only and --no-objects together: they exclude everything");
  }
  if (parsed.options.watch && parsed.options["dry-run"]) {
    throw new UsageError("Cannot use --watch and --dry-run together");
  }
  limitOf(parsed);
}
