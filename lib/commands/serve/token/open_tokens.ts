import type { Context } from "../../../cli/command.ts";
import { absolute } from "../../../base/paths.ts";
import { openReader } from "../../../repo/open.ts";
import { TokenFile } from "../../../server/access/token_file.ts";

/** The file of tokens: the one that `--tokens` names, else that of the repository, which must be there. */
export async function openTokens(context: Context, shared: string | undefined): Promise<TokenFile> {
  if (shared !== undefined) return new TokenFile(absolute(shared, context.cwd));
  await openReader(context.repo);
  return TokenFile.of(context.repo);
}
