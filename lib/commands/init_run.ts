import { initRepository } from "../repo/open.ts";
import type { Context, Parsed } from "./command.ts";
import { target } from "./init.ts";

/** Makes a repository. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const path = await target(parsed.positionals[0], context);
  const { repository, created } = await initRepository(path);
  context.stdout.write(
    created ? `made the repository ${repository.id} in ${path}\n` : `${path} is a repository already\n`,
  );
  return 0;
}
