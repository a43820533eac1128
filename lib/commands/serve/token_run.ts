import { UsageError } from "../../base/errors.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { absolute } from "../../base/paths.ts";
import { openReader } from "../../repo/open.ts";
import type { Role } from "../../protocol/roles.ts";
import { type KeptToken, TokenFile } from "../../server/access/tokens.ts";
import { readUsage, type Usage } from "../../server/writes/usage.ts";
import { printTable } from "../../terminal/table.ts";
import { bytes } from "../../terminal/values.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { flag, text } from "../../cli/parse.ts";
import { limitsIn } from "./quota_options.ts";
import { actionOf } from "./token.ts";

/** Adds, lists, changes and removes tokens. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const shared = text(parsed, "tokens");
  const file = shared === undefined ? await ofRepository(context) : new TokenFile(absolute(shared, context.cwd));
  const action = actionOf(parsed);
  const [, name, to] = parsed.positionals;
  check(parsed, action);
  switch (action) {
    case "add": {
      const role = (text(parsed, "role") ?? "write") as Role;
      const inherit = text(parsed, "inherit");
      const hadOne = file.removed().some((one) => one.name === name);
      const token = file.add(name, role, context.now, { limits: limitsIn(parsed), inherit });
      report(context, parsed, { name, role, token });
      if (hadOne && inherit === undefined) {
        context.stderr.line(
          `dbx: this token cannot write to what the removed token of this name created; --inherit ${name} would take it over`,
        );
      }
      return 0;
    }
    case "renew":
      report(context, parsed, { name, token: file.renew(name) });
      return 0;
    case "rm":
      file.remove(name, context.now);
      return 0;
    case "rename":
      file.rename(name, to);
      return 0;
    case "set":
      file.set(name, { role: text(parsed, "role") as Role | undefined, limits: limitsIn(parsed) });
      return 0;
    case "ls":
      // How much was written, each repository knows for itself.
      list(context, parsed, file.list(), shared === undefined ? readUsage(new RootFolder(context.repo)) : undefined);
      return 0;
  }
}

/** Refuses words and options that an action does not take. */
function check(parsed: Parsed, action: ReturnType<typeof actionOf>): void {
  const [, name, to, ...more] = parsed.positionals;
  const wanted = action === "ls" ? 0 : action === "rename" ? 2 : 1;
  const given = parsed.positionals.length - 1;
  if (given < wanted) {
    throw new UsageError(`Cannot ${action} a token: give its name${name !== undefined ? " and the new one" : ""}`);
  }
  if (given > wanted || more.length > 0) {
    throw new UsageError(`Cannot ${action} a token: "${to ?? name}" is one argument too many`);
  }
  const takes = (option: string, actions: readonly string[]) => {
    if (text(parsed, option) === undefined || actions.includes(action)) return;
    throw new UsageError(`Cannot use --${option} with dbx token ${action}: it is for ${actions.join(" and ")}`);
  };
  takes("inherit", ["add"]);
  for (const option of ["role", "max-bytes", "max-files", "max-rate"]) takes(option, ["add", "set"]);
  if (action === "set" && text(parsed, "role") === undefined && limitsIn(parsed) === undefined) {
    throw new UsageError("Cannot set anything: give --role, --max-bytes, --max-files or --max-rate");
  }
}

function report(
  context: Context,
  parsed: Parsed,
  made: { readonly name: string; readonly role?: Role; readonly token: string },
): void {
  if (flag(parsed, "json")) return context.stdout.json(made);
  context.stdout.line(made.token);
  context.stderr.line(
    "dbx: this token is shown only once; its user runs dbx login with the URL of the server and pastes it",
  );
}

function list(
  context: Context,
  parsed: Parsed,
  tokens: readonly KeptToken[],
  used: ReadonlyMap<string, Usage> | undefined,
): void {
  const of = (id: string) => used?.get(id) ?? { bytes: 0, files: 0 };
  if (flag(parsed, "json")) {
    const shown = tokens.map(({ name, role, createdAt, id, limits }) => ({
      name,
      role,
      createdAt,
      ...(limits !== undefined && { limits }),
      ...(used !== undefined && { written: of(id) }),
    }));
    return context.stdout.json(shown, 2);
  }
  if (tokens.length === 0) return context.stderr.line("dbx: there are no tokens");
  const hasRates = tokens.some(({ limits }) => isLimit(limits?.rate));
  const rows = tokens.map(({ name, role, createdAt, id, limits }) => [
    name,
    role,
    new Date(createdAt).toISOString(),
    ...used === undefined
      ? []
      : [written(of(id).bytes, limits?.bytes, bytes), written(of(id).files, limits?.files, String)],
    ...hasRates ? [isLimit(limits?.rate) ? `${bytes(limits.rate)}/s` : ""] : [],
  ]);
  const heads = [
    "name",
    "role",
    "created",
    ...used === undefined ? [] : ["written", "files"],
    ...hasRates ? ["rate"] : [],
  ];
  printTable(context.stdout, heads, rows);
}

/** How much of how much. */
function written(used: number, most: number | undefined, shown: (count: number) => string): string {
  return isLimit(most) ? `${shown(used)} of ${shown(most)}` : shown(used);
}

/** Whether a limit bounds anything: `none` stands in the file as the largest number. */
function isLimit(limit: number | undefined): limit is number {
  return limit !== undefined && limit !== Number.MAX_SAFE_INTEGER;
}

/** The file of the repository, which must be there. */
async function ofRepository(context: Context): Promise<TokenFile> {
  await openReader(context.repo);
  return TokenFile.of(context.repo);
}
