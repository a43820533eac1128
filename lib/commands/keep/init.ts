import type { Command } from "../../cli/command.ts";

/** `dbx init`. */
export const command: Command = {
  name: "init",
  summary: "make a repository",
  usage: "[DIR] [--shared group|all]",
  details:
    `Makes a repository in DIR, else in the place that --repo and DBX_REPO name, else in ./output. One that is there stays as it is.
In a new folder it also makes a .gitignore that has git leave the repository alone.

--shared lets others write: all that is made in this copy later, by whichever user, is writable for the group of the folder (which
new folders inherit), and with "all" also readable for everybody. Make the folder's group the right one first (chgrp). It is
remembered in .dbx/shared of this copy.`,
  examples: ["dbx init", "dbx init /data/experiments", "dbx init /data/team --shared group"],
  options: [
    {
      name: "shared",
      kind: "text",
      value: "WHO",
      choices: ["group", "all"],
      help: "who else may write to the new repository",
    },
    { name: "json", kind: "flag", help: "as JSON: id, path, and whether it was made now" },
  ],
  positionals: { min: 0, max: 1 },
  async permissions(parsed, around) {
    const path = await target(parsed.positionals[0], around);
    return { read: [path], write: [path], make: [path] };
  },
  withoutRepository: ({ positionals }) => positionals.length > 0,
  load: () => import("./init_run.ts"),
};

/** The absolute path of the repository to make. */
export async function target(
  folder: string | undefined,
  around: { readonly cwd: string; readonly repo: string },
): Promise<string> {
  const { absolute } = await import("../../base/paths.ts");
  return folder === undefined ? around.repo : absolute(folder, around.cwd);
}
