import type { Command } from "./command.ts";

/** `dbx init`. */
export const command: Command = {
  name: "init",
  summary: "make a repository",
  usage: "[DIR]",
  details:
    "Makes a repository in DIR, else in the place that --repo and DBX_REPO name, else in ./output. One that is there stays as it is.",
  examples: ["dbx init", "dbx init /data/experiments"],
  options: [],
  positionals: { min: 0, max: 1 },
  async permissions(parsed, around) {
    const path = await target(parsed.positionals[0], around);
    return { read: [path], write: [path], make: [path] };
  },
  load: () => import("./init_run.ts"),
};

/** The absolute path of the repository to make. */
export async function target(
  folder: string | undefined,
  around: { readonly cwd: string; readonly repo: string },
): Promise<string> {
  const { absolute } = await import("../repo/locate.ts");
  return folder === undefined ? around.repo : absolute(folder, around.cwd);
}
