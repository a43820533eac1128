import type { Command } from "../../cli/command.ts";

/** `dbx version`. */
export const command: Command = {
  name: "version",
  summary: "print the version",
  usage: "[--json]",
  options: [{
    name: "json",
    kind: "flag",
    help: "one JSON object: versions of dbx, the format, the runtime; the target",
  }],
  positionals: { min: 0, max: 0 },
  permissions: () => ({}),
  withoutRepository: () => true,
  load: () => import("./version_run.ts"),
};
