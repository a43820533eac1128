/**
 * Where `Deno` may be named, and why: a file, or a folder with all below it. What stands elsewhere keeps away from the runtime by
 * its own code: above all formats, queries, the protocol and the differences of live answers.
 */
export const RUNTIME_FILES: Readonly<Record<string, string>> = {
  "lib/cli/": "arguments, permissions, signals",
  "lib/client/": "sockets, ssh, and the user's folders",
  "lib/commands/": "the command line",
  "lib/fs/": "all access to the disk",
  "lib/logger/": "writes logs to a disk, and records on which machine",
  "lib/server/": "listens, and starts threads",
  "lib/store/local/": "a repository on a disk",
  "lib/index/pack/pack.ts": "errors of the disk",
  "lib/index/parse/log_bytes.ts": "reads logs of any length from the disk",
  "lib/index/state/disk_errors.ts": "errors of the disk",
  "lib/index/state/index_files.ts": "the files of the index",
  "lib/interop/engine/scratch.ts": "folders for files of a moment",
  "lib/interop/files/": "reads what is imported",
  "lib/live/folder_changes.ts": "watches a folder",
  "lib/live/live_query_broker.ts": "timers that do not keep the process alive",
  "lib/printed/capture.ts": "an output whose reader is gone",
  "lib/repo/cache/whole_experiment.ts": "times of files",
  "lib/repo/check/links.ts": "looks at a disk for links",
  "lib/repo/gc/pipes.ts": "the name of this machine",
  "lib/repo/gc/plan.ts": "times of files",
  "lib/repo/repository.ts": "folders that cannot be read",
  "lib/terminal/output.ts": "stdout and stderr",
  "lib/terminal/pictures/ask_terminal.ts": "reads what the terminal answers, key by key",
  "lib/terminal/sink.ts": "writes to the terminal, and its width",
};
