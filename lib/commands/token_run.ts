import { UsageError } from "../base/errors.ts";
import { absolute } from "../repo/locate.ts";
import { openReader } from "../repo/open.ts";
import type { Role } from "../server/roles.ts";
import { TokenFile } from "../server/tokens.ts";
import type { Context, Parsed } from "./command.ts";
import { flag, text } from "./parse.ts";
import { printTable } from "../terminal/table.ts";
import { actionOf } from "./token.ts";

/** Adds, lists and removes tokens. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const file = await fileOf(context, parsed);
  const action = actionOf(parsed);
  const name = parsed.positionals[1];
  if (action !== "ls" && name === undefined) throw new UsageError(`Cannot ${action} a token: give its name`);
  const json = flag(parsed, "json");
  if (action === "add") {
    const role = (text(parsed, "role") ?? "write") as Role;
    const token = file.add(name, role, context.now);
    if (json) context.stdout.json({ name, role, token });
    else context.stdout.line(token);
    if (!json) context.stderr.line("dbx: this is shown once; give it by DBX_TOKEN or --token-file");
    return 0;
  }
  if (action === "rm") {
    file.remove(name);
    return 0;
  }
  const tokens = file.list();
  if (json) {
    const shown = tokens.map(({ name, role, createdAt }) => ({ name, role, createdAt }));
    context.stdout.json(shown, 2);
  } else if (tokens.length === 0) context.stderr.line("dbx: there are no tokens");
  else {
    const rows = tokens.map(({ name, role, createdAt }) => [name, role, new Date(createdAt).toISOString()]);
    printTable(context.stdout, ["name", "role", "created"], rows);
  }
  return 0;
}

/** The file of `--tokens`, or that of the repository, which must be there. */
async function fileOf(context: Context, parsed: Parsed): Promise<TokenFile> {
  const shared = text(parsed, "tokens");
  if (shared !== undefined) return new TokenFile(absolute(shared, context.cwd));
  await openReader(context.repo);
  return TokenFile.of(context.repo);
}
