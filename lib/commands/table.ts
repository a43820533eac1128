import type { Command } from "./command.ts";

/** Every subcommand, in the order of the help; each declaration is loaded only when its command is named. */
export const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  init: () => import("./init.ts"),
  run: () => import("./run.ts"),
  log: () => import("./log.ts"),
  ls: () => import("./ls.ts"),
  show: () => import("./show.ts"),
  tail: () => import("./tail.ts"),
  query: () => import("./query.ts"),
  series: () => import("./series.ts"),
  schema: () => import("./schema.ts"),
  index: () => import("./index.ts"),
  clone: () => import("./clone.ts"),
  push: () => import("./push.ts"),
  pull: () => import("./pull.ts"),
  sync: () => import("./sync.ts"),
  remote: () => import("./remote.ts"),
  serve: () => import("./serve.ts"),
  token: () => import("./token.ts"),
  rm: () => import("./rm.ts"),
  restore: () => import("./restore.ts"),
  gc: () => import("./gc.ts"),
  check: () => import("./check.ts"),
  completions: () => import("./completions.ts"),
  version: () => import("./version.ts"),
};
