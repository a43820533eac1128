import { UsageError } from "../../base/errors.ts";
import type { QueryInput } from "../../query/list/shorthand.ts";
import type { QueryValue } from "../../query/result/answer.ts";
import { cellToJson } from "../../protocol/cells.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { openLive } from "../../cli/repository/live_repository.ts";
import { printRows } from "../../terminal/print_rows.ts";
import type { PrintStyle } from "../../terminal/result.ts";
import type { OPTIONS } from "./query.ts";

/** Prints the answer, and prints it again whenever it changes. */
export async function live(
  context: Context,
  parsed: Parsed<typeof OPTIONS>,
  asked: QueryInput,
  params: Record<string, QueryValue | boolean>,
  style: PrintStyle,
): Promise<number> {
  if (context.repos.length > 1) throw new UsageError("Cannot follow several repositories with --live: name one");
  if (parsed.options.output !== undefined || parsed.options.explain) {
    throw new UsageError("Cannot use --live with --output or --explain");
  }
  const options = { all: parsed.options.all, signal: context.signal };
  const repository = await openLive(context);
  const inPlace = style.format === "table" && context.stdout.isTerminal;
  const chosenBy = typeof asked === "string" ? undefined : "--cols";
  let lines = 0;
  for await (const { columns, rows, changes } of repository.live(asked, params, options)) {
    if (style.format === "jsonl") {
      const shown = (list: readonly (readonly QueryValue[])[]) => list.map((row) => row.map(cellToJson));
      const line = changes === undefined
        ? { columns, rows: shown(rows) }
        : { changes: changes.map(({ at, removed, rows }) => ({ at, removed, rows: shown(rows) })) };
      context.stdout.json(line);
      continue;
    }
    if (inPlace) context.stdout.rewind(lines);
    lines = await printRows(context.stdout, style, { fields: columns, chunks: [rows], chosenBy });
    if (!inPlace) context.stdout.line("");
  }
  return 0;
}
