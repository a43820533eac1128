/** A setting that `dbx.toml` may have. */
export interface ConfigKey {
  /** `tags`, or with a dot for one in a table: `ls.cols`. */
  readonly name: string;
  readonly kind: "text" | "list" | "count" | "textOrFalse";
  readonly help: string;
  /** Whether all files that have it count together, not the last one alone. */
  readonly addsUp?: true;
  /** The option of which it is the default, and the commands that have it. */
  readonly option?: string;
  readonly commands?: readonly string[];
}

/** All settings. Those of remotes have names of their own behind {@linkcode REMOTES}. */
export const KEYS: readonly ConfigKey[] = [
  { name: "repo", kind: "text", help: "the repository; a path is relative to the folder of the file" },
  { name: "kind", kind: "text", help: "of new experiments", option: "kind", commands: ["run", "queue add"] },
  {
    name: "tags",
    kind: "list",
    addsUp: true,
    help: "of new experiments, besides those of --tag",
    option: "tag",
    commands: ["run", "log", "queue add"],
  },
  {
    name: "scalars",
    kind: "textOrFalse",
    help: "as dbx run --scalars; false: --no-scalars",
    option: "scalars",
    commands: ["run"],
  },
  {
    name: "capture",
    kind: "text",
    help: "as dbx run --capture",
    option: "capture",
    commands: ["run"],
  },
  {
    name: "shim",
    kind: "list",
    help: "as dbx run --shim",
    option: "shim",
    commands: ["run"],
  },
  {
    name: "redact",
    kind: "list",
    addsUp: true,
    help: "what is redacted besides, as --redact",
    option: "redact",
    commands: ["run", "log", "queue add", "note", "edit"],
  },
  { name: "ls.cols", kind: "list", help: "the columns of dbx ls for people", option: "cols", commands: ["ls"] },
  { name: "ls.sort", kind: "text", help: "the order of dbx ls for people", option: "sort", commands: ["ls"] },
  { name: "ls.limit", kind: "count", help: "how many dbx ls shows people", option: "limit", commands: ["ls"] },
];

/** What stands before the name of a remote. */
export const REMOTES = "remotes.";

/** The setting of a name; undefined for an unknown one. */
export function keyOf(name: string): ConfigKey | undefined {
  if (/^remotes\.[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,99}$/.test(name)) {
    return { name, kind: "text", help: "a repository to synchronise with" };
  }
  return KEYS.find((key) => key.name === name);
}
