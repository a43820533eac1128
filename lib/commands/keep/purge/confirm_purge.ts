import { DbxError, UsageError } from "../../../base/errors.ts";
import { printTable } from "../../../terminal/table.ts";
import { bytes } from "../../../terminal/values.ts";
import { ask } from "../../../cli/ask.ts";
import type { Context } from "../../../cli/command.ts";
import type { Done } from "./carry_out.ts";
import type { Target } from "./targets.ts";

/** Says what goes. */
export function printTargets({ stdout }: Context, targets: readonly Target[], title: string): void {
  if (targets.length === 0) return;
  stdout.line(title);
  const rows = targets.map((one) => [one.of, one.id, one.kind, one.name, String(one.files), bytes(one.bytes)]);
  printTable(stdout, ["", "id", "kind", "name", "files", "size"], rows);
}

/** Asks whether all that was named shall go. Throws if the user declines, or there is no terminal to ask at. */
export async function confirmPurge(context: Context, count: number): Promise<void> {
  const what = count === 1 ? "it" : `these ${count}`;
  if (!context.stdin.isTerminal || !context.stderr.isTerminal) {
    throw new UsageError(`Cannot ask for confirmation, because there is no terminal: use --yes to purge ${what}`);
  }
  const answer = await ask(context, `Purge ${what} permanently, here and in every copy? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new DbxError("nothing was purged");
}

/** Says what came of it. Returns the exit code. */
export function reportPurged(
  { stdout, stderr }: Context,
  { problems, files, bytes: size, objects }: Done,
  { ids, quiet }: { readonly ids: readonly string[]; readonly quiet: boolean },
): number {
  for (const problem of problems) {
    stderr.line(
      `dbx: not everything was removed: ${problem}; fix that and run dbx gc, which continues the purge, or use --force`,
    );
  }
  if (!quiet && ids.length > 0) {
    const what = files === undefined
      ? ""
      : `: ${files} ${files === 1 ? "file" : "files"} (${objects} of them objects), ${bytes(size ?? 0)}`;
    stdout.line(`purged ${ids.length === 1 ? ids[0] : `${ids.length} experiments and runs`}${what}`);
    stdout.line(
      "dbx push or dbx sync removes it from other copies too; change a secret that has leaked in any case",
    );
  }
  return problems.length > 0 ? 1 : 0;
}
