import type { OptionSpec } from "../../cli/command.ts";
import { QUOTA_OPTIONS } from "./quota_options.ts";

/** The default address. */
export const ADDRESS = "127.0.0.1:7070";

/** Megabytes that a process may have which answers queries. */
export const QUERY_MEMORY = 2048;

/** The options of `dbx serve`. */
export const OPTIONS = [
  {
    name: "listen",
    short: "l",
    kind: "text",
    value: "HOST:PORT",
    help: "the address; port 0 chooses a free port",
    default: ADDRESS,
  },
  {
    name: "unix",
    kind: "text",
    value: "PATH",
    help:
      "listen on a socket in the file system instead, which only you can open: anyone who can open it has full access",
  },
  {
    name: "create",
    kind: "flag",
    help: "create the repositories of --repo that do not exist; the default one is created in any case",
  },
  {
    name: "tokens",
    kind: "text",
    value: "FILE",
    help: "accept the tokens of dbx token --tokens FILE for all repositories, instead of each repository's own",
  },
  {
    name: "token-file",
    kind: "text",
    value: "FILE",
    help: "a token with full access",
    default: "$DBX_TOKEN",
  },
  {
    name: "token",
    kind: "text",
    value: "TOKEN",
    help: "the same, but visible to anyone who lists processes; prefer a file",
  },
  { name: "new-token", kind: "flag", help: "create such a token for this session, and print a link to log in with" },
  { name: "tls-cert", kind: "text", value: "FILE", help: "certificate chain (PEM)" },
  { name: "tls-key", kind: "text", value: "FILE", help: "its private key (PEM)" },
  {
    name: "cors",
    kind: "list",
    value: "ORIGIN",
    help: "an origin whose pages may send requests, with their own token",
  },
  {
    name: "trust-proxy",
    kind: "list",
    value: "ADDRESS",
    help: "a proxy in front whose X-Forwarded-For and X-Forwarded-Proto are trusted: an address, a range, or unix",
  },
  { name: "read-only", kind: "flag", help: "refuse all writes" },
  {
    name: "query-time",
    kind: "number",
    positive: true,
    value: "S",
    help: "time limit of a query in seconds",
    default: "30",
  },
  {
    name: "query-memory",
    kind: "number",
    positive: true,
    value: "MB",
    help: "memory limit of each of the three processes that answer queries; one that exceeds it is restarted",
    default: String(QUERY_MEMORY),
  },
  {
    name: "query-rows",
    kind: "number",
    positive: true,
    value: "N",
    help: "maximum number of rows of an answer",
    default: "5000000",
  },
  {
    name: "rate",
    kind: "number",
    positive: true,
    value: "N",
    help: "requests a second per token, or per address without a token",
    default: "2000",
  },
  ...QUOTA_OPTIONS.map((option) => ({ ...option, help: `${option.help}; dbx token set gives one its own` })),
  { name: "pipe", kind: "flag", help: "speak the protocol on stdin and stdout (used by ssh remotes)" },
  { name: "jsonl", kind: "flag", help: "print the address and each request as a line of JSON" },
  { name: "quiet", short: "q", kind: "flag", help: "do not print requests" },
] as const satisfies readonly OptionSpec[];
