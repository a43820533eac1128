import { lastSegment } from "../../base/paths.ts";
import { OBJECTS_FOLDER } from "../../format/layout/names.ts";
import { UsageError } from "../../base/errors.ts";
import { ownPatterns } from "../../redact/custom_rules.ts";
import { findSecrets, type FoundSecrets, type SecretPlace } from "../../repo/secrets/find.ts";
import { formsOf, MIN_SECRET_LENGTH } from "../../repo/secrets/forms.ts";
import { LineMatcher, type SecretMatcher, TextMatcher } from "../../repo/secrets/matcher.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { printTable } from "../../terminal/table.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./purge.ts";
import { carryOut } from "./purge/carry_out.ts";
import { readSecret } from "./purge/read_secret.ts";
import { checkStill, type Target, targetsOf } from "./purge/targets.ts";
import { confirmPurge, reportPurged } from "./purge/confirm_purge.ts";
import { isForPeople } from "../../cli/print_options.ts";
import { progressLine } from "../../terminal/progress.ts";
import { recordResult, type Result } from "../../terminal/result.ts";

/** Purges what holds a secret. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  if (!parsed.options.secret) {
    throw new UsageError(
      "Cannot purge: use --secret to search for a secret, or dbx rm --purge ID to purge what you name",
    );
  }
  const matcher = await matcherOf(context, parsed);
  const root = new RootFolder(context.repo);
  const found = await search(context, root, matcher);
  const repository = await context.repository();
  const { targets } = await targetsOf(repository, [...found.owners.keys()], context.now);
  const isNothing = targets.length === 0 && found.waste.length === 0;
  const forPeople = isForPeople(parsed.options);
  const dryRun = parsed.options["dry-run"];
  if (forPeople) print(context, found, targets, { dryRun, byRules: parsed.positionals.length === 0 });
  const isFound = !isNothing || found.others.length > 0 || found.unread.length > 0;
  if (dryRun || isNothing) {
    return recordResult(asRecord(found, targets, dryRun), { exitCode: isFound ? 1 : 0 });
  }
  const force = parsed.options.force;
  checkStill(targets, force);
  if (!parsed.options.yes) await confirmPurge(context, Math.max(1, targets.length));
  const ids = targets.map(({ id }) => id);
  const done = await carryOut(context, ids, { force, objects: found.waste.map(({ file }) => file) });
  const left = await search(context, root, matcher);
  const exitCode = reportPurged(context, done, { ids, quiet: !forPeople });
  const still = [...left.owners.values()].flat().concat(left.waste);
  for (const { file } of still) {
    context.stderr.line(`dbx: it is still there, or was written again: ${file}; run this again`);
  }
  return recordResult({ ...asRecord(found, targets, dryRun), ...done, left: asRecord(left, [], dryRun) }, {
    exitCode: still.length + left.others.length + left.unread.length > 0 ? 1 : exitCode,
  });
}

async function matcherOf(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<SecretMatcher> {
  const [word] = parsed.positionals;
  const patterns = ownPatterns(parsed.options.redact);
  if (word === undefined) return new LineMatcher(patterns.length > 0 ? patterns : undefined);
  if (patterns.length > 0) {
    throw new UsageError("Cannot search for a text and for --redact at once: search for one after the other");
  }
  if (word !== "-") {
    context.stderr.line(
      "dbx: a secret on the command line stays in the history of the shell; use -, and type or pipe it",
    );
  }
  const secret = word === "-" ? await readSecret(context) : word;
  const forms = formsOf(secret);
  if (secret.length >= MIN_SECRET_LENGTH && forms.length > 0) return new TextMatcher(forms);
  throw new UsageError(
    `Cannot search for a secret of ${secret.length} characters: it would match by chance; it must have ${MIN_SECRET_LENGTH}`,
  );
}

async function search(context: Context, root: RootFolder, matcher: SecretMatcher): Promise<FoundSecrets> {
  const { stderr, signal } = context;
  let files = 0;
  const draw = progressLine(stderr);
  try {
    return await findSecrets(root, matcher, {
      signal,
      onFile() {
        files++;
        draw(() => `searched ${files} files`);
      },
    });
  } finally {
    stderr.clear();
  }
}

function print(
  context: Context,
  found: FoundSecrets,
  targets: readonly Target[],
  { dryRun, byRules }: { readonly dryRun: boolean; readonly byRules: boolean },
): void {
  const { stdout, stderr } = context;
  const { owners, waste, others, unread } = found;
  if (targets.length === 0 && waste.length === 0) {
    const what = byRules ? "a secret that the rules find; dbx purge --secret - asks for one to search for" : "it";
    stdout.line(`no run or experiment contains ${what}`);
  } else {
    stdout.line(dryRun ? "would purge:" : "to purge:");
    const rows = targets.map((
      { of, id, kind, name, folder },
    ) => [of, id, kind, name, where(placesBelow(owners, id, folder))]);
    if (waste.length > 0) rows.push(["objects", "", "", "that nothing refers to", where(waste)]);
    printTable(stdout, ["", "id", "kind", "name", "found in"], rows);
  }
  for (const { file, rules } of others) {
    stderr.line(`dbx: ${file} (${rules.join(", ")}) does not belong to an experiment and is kept: remove it by hand`);
  }
  for (const { file, message } of unread) stderr.line(`dbx: ${file} was not searched: ${message}`);
}

/** What was found in an experiment or run, and in the runs of it, which go with it. */
function placesBelow(owners: FoundSecrets["owners"], id: string, folder: string): readonly SecretPlace[] {
  const below = [...owners.values()].flat().filter(({ file }) => file.startsWith(`${folder}/`));
  return [...new Set([...owners.get(id) ?? [], ...below])];
}

/** The first few places, by the last words of their names, and the rules that found them. */
function where(places: readonly SecretPlace[]): string {
  const few = places.slice(0, 3).map(({ file, rules }) => {
    const short = file.startsWith(`${OBJECTS_FOLDER}/`) ? `object ${file.slice(-64, -56)}…` : lastSegment(file);
    return rules.includes("text") ? short : `${short} (${rules.join(", ")})`;
  });
  return few.join(", ") + (places.length > 3 ? ` and ${places.length - 3} more` : "");
}

function asRecord({ owners, waste, others, unread }: FoundSecrets, targets: readonly Target[], dryRun: boolean) {
  const found = targets.map((target) => ({ ...target, places: placesBelow(owners, target.id, target.folder) }));
  return { dryRun, found, waste, others, unread };
}
