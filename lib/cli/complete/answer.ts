import { isUrl } from "../../base/server_url.ts";
import { indexFolders } from "../../client/location/index_folder.ts";
import { locateRepository } from "../../client/location/default_repository.ts";
import { allRemotes, type ConfiguredRemotes } from "../../client/location/remotes.ts";
import { checkFound, readTrust } from "../../client/location/trust.ts";
import { lstatIfThere } from "../../fs/files/lstat.ts";
import { columnNames } from "../../query/schema/column_aliases.ts";
import { STATISTICS } from "../../query/schema/statistics.ts";
import { TABLES } from "../../query/schema/tables.ts";
import type { Output } from "../../terminal/output.ts";
import type { CommandTable, Completion } from "../command.ts";
import { KEYS } from "../config/keys.ts";
import { configFiles } from "../config/files.ts";
import { givenEnvironment } from "../launch/environment.ts";
import { IndexWords } from "./index_words.ts";
import { lineWords } from "./line_words.ts";
import { type Wanted, wantedFor } from "./wanted.ts";

/** A word that a shell takes as it stands: names come from a repository, and what is completed is run with the next key. */
const SAFE = /^[\p{L}\p{N}_@%+=:,.\/][\p{L}\p{N}_@%+=:,.\/-]*$/u;

/** A word to offer, and what it means. */
type Offer = readonly [word: string, help: string];

/**
 * Prints what may stand where somebody presses a key, a word in each line, and behind a tab what it means. Reads what the index of the
 * repository knows, and changes nothing; it says nothing where that fails.
 *
 * @param args The shell, and the words after `dbx` up to the cursor; of bash the kind of completion, and the line up to the cursor.
 */
export async function answer([shell, ...args]: readonly string[], table: CommandTable, out: Output): Promise<void> {
  const { words: [, ...words], kept } = shell === "bash" ? lineWords(args[1] ?? "") : { words: ["", ...args], kept: 0 };
  const wanted = await wantedFor(table, words);
  const offers = wanted.words.filter(([word]) => word.startsWith(wanted.typed)).concat(await lookedUp(wanted));
  const isFile = wanted.completions.some((kind) => kind === "file" || kind === "folder");
  if (offers.length === 0 && isFile && shell !== "bash") {
    return out.line(wanted.completions.includes("file") ? ":file" : ":folder");
  }
  if (offers.length === 0 && shell === "bash" && wanted.isNoFile) return out.line(":none");
  // While bash puts a word into the line itself, an explanation must not stand in it.
  const isExplained = shell !== "bash" || (offers.length > 1 && ["33", "63", "64"].includes(args[0]));
  out.lines(offers.map(([word, help]) => {
    const text = shell === "bash"
      ? (wanted.before + word).slice(kept)
      : (shell === "zsh" ? wanted.before.replace(/^--[\w-]+=/, "") : wanted.before) + word;
    if (!isExplained || help === "") return text;
    return shell === "bash" ? `${text}  (${help})` : `${text}\t${help}`;
  }));
}

/** What is known of the repository. Afterwards this process can only read. */
async function lookedUp(wanted: Wanted): Promise<Offer[]> {
  const { completions, typed } = wanted;
  const needsRepository = completions.filter((kind) => kind !== "file" && kind !== "folder" && kind !== "table");
  if (completions.includes("setting")) {
    return KEYS.map(({ name, help }): Offer => [name, help]).filter(([name]) => name.startsWith(typed));
  }
  let found: Offer[] = completions.includes("table") ? TABLES.map(({ name, help }) => [name, help] as const) : [];
  if (needsRepository.length > 0) {
    const repo = await repositoryOf(wanted);
    if (repo !== undefined && isUrl(repo.repo)) found = found.concat(await serverOffers(needsRepository, repo, typed));
    else if (repo !== undefined) {
      for (const name of ["write", "net", "run", "env", "ffi", "sys"] as const) Deno.permissions.revokeSync({ name });
      for (const kind of needsRepository) found = found.concat(wordsOf(kind, repo, typed));
    } else if (completions.includes("column")) found = found.concat(columns([], []));
  }
  return found.filter(([word]) => word.startsWith(typed) && SAFE.test(word));
}

/** The repository in a folder that the line means, with its index. */
async function repositoryOf(
  { repo: named }: Wanted,
): Promise<
  | {
    readonly repo: string;
    readonly index: string | undefined;
    readonly remotes?: ConfiguredRemotes;
    readonly env: Readonly<Record<string, string>>;
    /** Whether the user named it, not the settings of a project. */
    readonly isNamed: boolean;
  }
  | undefined
> {
  const env = givenEnvironment(Deno.env.toObject());
  const cwd = Deno.cwd();
  const trust = readTrust(env);
  const home = named?.startsWith("~/") && env.HOME !== undefined ? env.HOME + named.slice(1) : named;
  const files = configFiles({ env, cwd, trust });
  const config = files.length === 0
    ? undefined
    : await (await import("../config/defaults.ts")).Config.read(files, trust);
  const configured = config?.repository();
  const repo = locateRepository({
    repo: home,
    configured,
    env,
    cwd,
    checkFound: (found) => checkFound(found, cwd, trust),
  });
  const isNamed = named !== undefined || env.DBX_REPO !== undefined;
  if (isUrl(repo)) return { repo, index: undefined, remotes: config?.remotes(), env, isNamed };
  if (!repo.startsWith("/")) return undefined;
  const index = indexFolders(repo, { env, trust }).find((folder) => lstatIfThere(`${folder}/catalogue`) !== undefined);
  return { repo, index, remotes: config?.remotes(), env, isNamed };
}

/** What a server knows, if it says so in a moment. */
async function serverOffers(
  kinds: readonly Completion[],
  { repo, env, isNamed, remotes }: NonNullable<Awaited<ReturnType<typeof repositoryOf>>>,
  typed: string,
): Promise<Offer[]> {
  const plain = (words: readonly string[]) => words.map((word): Offer => [word, ""]);
  if (kinds.includes("remote")) return Object.entries(remotes ?? {}).map(([name, { url }]) => [name, url]);
  try {
    const { askServer } = await import("./server_words.ts");
    const known = await askServer(repo, kinds, typed, { env, isNamed });
    return kinds.flatMap((kind): Offer[] => {
      if (kind === "experiment" || kind === "running" || kind === "run-file") {
        return known.experiments.map(({ id, about }) => [id, about]);
      }
      if (kind === "kind") return plain(known.kinds);
      if (kind === "name") return plain(known.names);
      if (kind === "tag") return plain(known.tags);
      if (kind === "series") return plain(known.series);
      return kind === "column" ? columns(known.params, typed.includes(":") ? known.series : []) : [];
    });
  } catch {
    return kinds.includes("column") ? columns([], []) : [];
  }
}

function wordsOf(
  kind: Completion,
  { repo, index, remotes }: {
    readonly repo: string;
    readonly index: string | undefined;
    readonly remotes?: ConfiguredRemotes;
  },
  typed: string,
): Offer[] {
  if (kind === "remote") return Object.entries(allRemotes({ repo, remotes })).map(([name, { url }]) => [name, url]);
  const known = index === undefined ? undefined : new IndexWords(repo, index);
  const plain = (words: readonly string[] = []) => words.map((word): Offer => [word, ""]);
  switch (kind) {
    case "experiment":
      return known?.experiments(typed) ?? [];
    case "running":
      return known?.running(typed) ?? [];
    case "deleted":
      return known?.deleted(typed) ?? [];
    case "run-file":
      return typed.includes(":") ? plain(known?.files(typed)) : known?.experiments(typed) ?? [];
    case "kind":
    case "name":
      return plain(known?.briefs(kind));
    case "tag":
      return plain(known?.tags());
    case "series":
      return plain(known?.series());
    case "column":
      return columns(known?.params() ?? [], typed.includes(":") ? known?.series() ?? [] : []);
    default:
      return [];
  }
}

/** The columns of experiments; statistics of series where one was begun. */
function columns(params: readonly string[], series: readonly string[]): Offer[] {
  const statistics = STATISTICS.flatMap((name) =>
    series.length === 0 ? [`${name}:`] : series.map((key) => `${name}:${key}`)
  );
  return [...columnNames(), ...params.map((name) => `params.${name}`), ...statistics].map((name) => [name, ""]);
}
