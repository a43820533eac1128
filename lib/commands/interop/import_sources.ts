import { UsageError } from "../../base/errors.ts";
import { absolute, lastSegment } from "../../base/paths.ts";
import { didYouMean } from "../../base/suggest.ts";
import type { ForeignReader } from "../../interop/foreign.ts";
import { pathExists, sourceFiles } from "../../interop/files/source_files.ts";
import { type Kind, KINDS } from "../../interop/kinds.ts";
import { READERS } from "../../interop/readers.ts";

/** What is to be imported. */
export interface ImportSource {
  readonly reader: ForeignReader;
  /** Absolute. */
  readonly path: string;
  /** As it was given. */
  readonly given: string;
}

/** What the words of a command line name: a kind, which may be left out, and paths. */
export async function sourcesOf(words: readonly string[], cwd: string): Promise<ImportSource[]> {
  const [first, ...more] = words;
  const isKind = (KINDS as readonly string[]).includes(first);
  if (isKind && more.length > 0) {
    const reader = await READERS[first as Kind]();
    return more.map((given) => ({ reader, path: absolute(given, cwd), given }));
  }
  const sources: ImportSource[] = [];
  for (const given of words) {
    const path = absolute(given, cwd);
    if (!await pathExists(path)) throw notThere(given, given === first ? more : []);
    sources.push({ reader: await detect(path, given), path, given });
  }
  return sources;
}

function notThere(given: string, more: readonly string[]): UsageError {
  if ((KINDS as readonly string[]).includes(given)) {
    return new UsageError(`Cannot import: say where the files are, as in dbx import ${given} PATH`);
  }
  const near = more.length > 0 ? didYouMean(given, KINDS) : "";
  return new UsageError(
    `Cannot import "${given}": there is no such file or folder, and no such kind${
      near || `; kinds are ${KINDS.join(", ")}`
    }`,
  );
}

/** How files are called whose contents are damaged, or could be anything. */
const NAMES: readonly (readonly [Kind, RegExp])[] = [
  ["mlflow", /^mlflow\.(?:db|sqlite3?)$/],
  ["wandb", /\.wandb$/],
  ["tensorboard", /tfevents/],
  ["jsonl", /\.(?:jsonl|ndjson)$/i],
  ["csv", /\.[ct]sv$/i],
];

/** The kinds that a file, or the files in a folder, may be by their names. */
async function kindsByName(path: string): Promise<Kind[]> {
  const fits = (name: string, [, pattern]: (typeof NAMES)[number]) => pattern.test(lastSegment(name));
  const files = await sourceFiles(path, (name) => NAMES.some((one) => fits(name, one)));
  return NAMES.filter((one) => files.some(({ name }) => fits(name, one))).map(([kind]) => kind);
}

async function detect(path: string, given: string): Promise<ForeignReader> {
  const found: ForeignReader[] = [];
  for (const kind of KINDS) {
    const reader = await READERS[kind]();
    if (await reader.detect(path)) found.push(reader);
  }
  if (found.length === 1) return found[0];
  if (found.length === 0) {
    const likely = await kindsByName(path);
    const named = likely.length > 0 ? `judging by file names, it may be ${likely.join(" or ")}; ` : "";
    throw new UsageError(
      `Cannot tell what "${given}" holds; ${named}name the kind, as in dbx import ${
        likely[0] ?? KINDS[0]
      } ${given}; kinds are ${KINDS.join(", ")}`,
    );
  }
  const kinds = found.map(({ kind }) => kind);
  throw new UsageError(
    `Cannot tell what to import of "${given}": it holds ${kinds.join(" and ")}; name one, as in dbx import ${
      kinds[0]
    } ${given}`,
  );
}
