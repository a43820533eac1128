import { parseDuration, parseTime } from "../../../base/durations.ts";
import { UsageError } from "../../../base/errors.ts";
import type { Selection } from "../../../sync/select.ts";
import type { OptionSpec, Parsed } from "../../../cli/command.ts";
import { flag, INSECURE_OPTION, list, text } from "../../../cli/parse.ts";
import { rateOf } from "../../../cli/rate.ts";

/** Options of clone, push, pull and sync. */
export const SYNC_OPTIONS: readonly OptionSpec[] = [
  {
    name: "where",
    short: "w",
    kind: "text",
    value: "COND",
    help: "only experiments for which this is true, as in dbx query",
  },
  { name: "id", short: "i", kind: "list", value: "ID", help: "only this experiment" },
  { name: "kind", short: "k", kind: "list", value: "K", help: "only this kind" },
  { name: "name", short: "n", kind: "list", value: "GLOB", help: "only names that match this glob" },
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
  { name: "json", kind: "flag", help: "print the report as JSON (with --watch, one line each time)" },
];

/** Options of push and sync, whose other side need not be there. */
export const TARGET_OPTIONS: readonly OptionSpec[] = [
  ...SYNC_OPTIONS,
  { name: "create", kind: "flag", help: "create the other repository if it does not exist" },
];

/** What a command line says of tokens. */
export function tokenOptions(parsed: Parsed): { readonly tokenFile?: string; readonly insecure?: boolean } {
  return { tokenFile: text(parsed, "token-file"), insecure: flag(parsed, "insecure") };
}

/** Which experiments a command line means. */
export function selectionOf(parsed: Parsed, now: number): Selection {
  const since = text(parsed, "since");
  return {
    where: text(parsed, "where"),
    ids: list(parsed, "id"),
    kinds: list(parsed, "kind"),
    names: list(parsed, "name"),
    since: since === undefined ? undefined : sinceOf(since, now),
  };
}

/** A length of time such as `30d` in milliseconds. */
export function spanOf(word: string, option: string): number {
  const span = parseDuration(word);
  if (span !== undefined) return span;
  throw new UsageError(
    `Cannot use "${word}" as --${option}: a duration is a number and s, m, h, d or w, such as 30d or 1h30m`,
  );
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
export function limitOf(parsed: Parsed): number | undefined {
  const word = text(parsed, "limit");
  return word === undefined ? undefined : rateOf(word, "limit");
}

/** Refuses what cannot be meant together. */
export function checkOptions(parsed: Parsed): void {
  if (flag(parsed, "objects-only") && parsed.options.objects === false) {
    throw new UsageError("Cannot use --objects-only and --no-objects together: they exclude everything");
  }
  if (flag(parsed, "watch") && flag(parsed, "dry-run")) {
    throw new UsageError("Cannot use --watch and --dry-run together");
  }
  limitOf(parsed);
}
