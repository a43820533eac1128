import { parseBytes } from "../../base/parse_bytes.ts";
import { UsageError } from "../../base/errors.ts";
import type { TokenLimits } from "../../server/access/token_limits.ts";
import type { OptionSpec, Parsed } from "../../cli/command.ts";
import { rateOf } from "../../cli/rate.ts";

/** How much tokens may write. */
export const QUOTA_OPTIONS = [
  {
    name: "max-bytes",
    kind: "text",
    value: "SIZE",
    help: "bytes that a token may write to a repository in total: 500M, 10G",
  },
  { name: "max-files", kind: "text", value: "N", help: "files that it may create there: definitions, logs, objects" },
  {
    name: "max-rate",
    kind: "text",
    value: "RATE",
    help: "bytes a second that it may write on average, with a unit: 500k, 2M",
  },
] as const satisfies readonly OptionSpec[];

/** The limits that a command line says; undefined where it says none. `none` lifts one. */
export function limitsIn(parsed: Parsed<typeof QUOTA_OPTIONS>): TokenLimits | undefined {
  const bytes = limitOf(parsed, "max-bytes", parseBytes);
  const files = limitOf(parsed, "max-files", (word) => /^\d{1,15}$/.test(word) ? Number(word) : undefined);
  const rate = limitOf(parsed, "max-rate", (word) => rateOf(word, "max-rate"));
  if (bytes === undefined && files === undefined && rate === undefined) return undefined;
  return {
    ...(bytes !== undefined && { bytes }),
    ...(files !== undefined && { files }),
    ...(rate !== undefined && { rate }),
  };
}

function limitOf(
  parsed: Parsed<typeof QUOTA_OPTIONS>,
  name: (typeof QUOTA_OPTIONS)[number]["name"],
  read: (word: string) => number | undefined,
): number | undefined {
  const word = parsed.options[name];
  if (word === undefined) return undefined;
  if (word === "none") return Number.MAX_SAFE_INTEGER;
  const value = read(word);
  if (value !== undefined) return value;
  throw new UsageError(`Cannot use "${word}" as --${name}: expected a number such as 500k, 2M or 10G, or none`);
}
