import type { Context, Parsed } from "../../../cli/command.ts";
import { RootFolder } from "../../../fs/folders/root_folder.ts";
import { readUsage } from "../../../server/writes/usage.ts";
import { type Column, listResult, type Result } from "../../../terminal/result.ts";
import { bytes } from "../../../terminal/values.ts";
import type { OPTIONS } from "./ls.ts";
import { openTokens } from "./open_tokens.ts";

/** Lists tokens. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const shared = parsed.options.tokens;
  const file = await openTokens(context, shared);
  // How much was written, each repository knows for itself.
  const used = shared === undefined ? readUsage(new RootFolder(context.repo)) : undefined;
  const items = file.list().map(({ name, role, createdAt, id, limits }) => {
    return { name, role, createdAt, limits, written: used && (used.get(id) ?? { bytes: 0, files: 0 }) };
  });
  type Item = (typeof items)[number];
  const columns: Column<Item>[] = [
    { head: "name", text: ({ name }) => name },
    { head: "role", text: ({ role }) => role },
    { head: "created", text: ({ createdAt }) => new Date(createdAt).toISOString() },
  ];
  if (used !== undefined) {
    columns.push(
      { head: "written", text: ({ written, limits }) => ofLimit(written?.bytes ?? 0, limits?.bytes, bytes) },
      { head: "files", text: ({ written, limits }) => ofLimit(written?.files ?? 0, limits?.files, String) },
    );
  }
  if (items.some(({ limits }) => isLimit(limits?.rate))) {
    columns.push({ head: "rate", text: ({ limits }) => isLimit(limits?.rate) ? `${bytes(limits.rate)}/s` : "" });
  }
  return listResult({
    items,
    fields: ["name", "role", "createdAt", "limits", "written"],
    columns,
    empty: "there are no tokens",
  });
}

/** How much of how much. */
function ofLimit(used: number, most: number | undefined, shown: (count: number) => string): string {
  return isLimit(most) ? `${shown(used)} of ${shown(most)}` : shown(used);
}

/** Whether a limit bounds anything: `none` stands in the file as the largest number. */
function isLimit(limit: number | undefined): limit is number {
  return limit !== undefined && limit !== Number.MAX_SAFE_INTEGER;
}
