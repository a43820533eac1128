import type { Command } from "./command.ts";

/** `dbx rm`. */
export const command: Command = {
  name: "rm",
  summary: "delete experiments; they can be restored",
  usage: "EXP …",
  details:
    `Marks experiments as deleted: lists and queries leave them out, and so will every copy that this one is synchronised with. Their bytes
stay until dbx gc removes them; until then dbx restore brings them back.`,
  examples: [
    "dbx rm 3f9a",
    "dbx query --where 'status = \"failed\"' --cols id --format csv | tail -n +2 | xargs dbx rm",
  ],
  options: [{ name: "quiet", short: "q", kind: "flag", help: "say nothing" }],
  servers: true,
  positionals: { min: 1, max: Infinity },
  permissions: (_, around) => ({ read: [around.repo], write: [around.repo] }),
  load: () => import("./rm_run.ts"),
};
