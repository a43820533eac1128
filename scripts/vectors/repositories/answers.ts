import { query } from "../../../lib/query/query.ts";
import { checkRepository } from "../../../lib/repo/check/check.ts";
import { openReader } from "../../../lib/repo/open.ts";
import type { Repository } from "../../../lib/repo/repository.ts";
import type { Given, RepositoryVector } from "./repository.ts";

/** The tables of a query, the columns that FORMAT.md decides, and those that hold JSON as text. */
const TABLES: Readonly<Record<string, { readonly columns: readonly string[]; readonly json?: readonly string[] }>> = {
  experiments: {
    columns: ["exp", "kind", "name", "created_at", "runs", "tags", "params", "meta", "version"],
    json: ["tags", "params", "meta"],
  },
  runs: {
    columns: [
      "exp",
      "run",
      "created_at",
      "status",
      "lost_events",
      "cmd",
      "pwd",
      "script",
      "hostname",
      "env",
      "git",
      "extra",
      "tags",
    ],
    json: ["cmd", "env", "git", "extra", "tags"],
  },
  logs: { columns: ["exp", "run", "log", "bytes"] },
  events: { columns: ["exp", "run", "log", "line", "event", "ts", "data"], json: ["data"] },
  points: { columns: ["exp", "run", "log", "series", "idx", "step", "ts", "value"] },
  files: { columns: ["exp", "run", "log", "name", "held", "sha256", "path", "hostname"] },
  notes: { columns: ["exp", "replica", "ts", "what", "text", "run"] },
};

const FIXTURES = new URL("../../../tests/fixtures/", import.meta.url);

/** The JSON of a repository with its answers. */
export async function repositoryText(vector: RepositoryVector): Promise<string> {
  const { about, spec, folder, files = {}, folders, links } = vector;
  const path = folder === undefined ? await build(vector) : decodeURIComponent(new URL(folder, FIXTURES).pathname);
  try {
    const answers = await answersOf(path);
    const given = Object.entries(files).map(([name, bytes]) => {
      return { path: name, ...typeof bytes === "string" ? { text: bytes } : bytes };
    });
    const of = folder === undefined ? { files: given, folders, links } : { folder: `../../fixtures/${folder}` };
    return pretty({ about, spec, ...of, ...answers });
  } finally {
    if (folder === undefined) await Deno.remove(path, { recursive: true });
  }
}

/** Makes the repository in a new folder. */
async function build({ files = {}, folders = [], links = {} }: RepositoryVector): Promise<string> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "dbx-vectors-" }));
  const above = (name: string) => Deno.mkdir(`${root}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
  for (const name of folders) await Deno.mkdir(`${root}/${name}`, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    await above(name);
    await Deno.writeFile(`${root}/${name}`, bytesOf(bytes));
  }
  for (const [name, target] of Object.entries(links)) {
    await above(name);
    await Deno.symlink(target, `${root}/${name}`);
  }
  return root;
}

function bytesOf(given: Given): Uint8Array<ArrayBuffer> {
  return typeof given === "string" ? new TextEncoder().encode(given) : Uint8Array.fromHex(given.hex);
}

async function answersOf(path: string): Promise<Record<string, unknown>> {
  let repository: Repository;
  try {
    repository = await openReader(path);
  } catch {
    return { refused: true };
  }
  const found = [];
  for await (const { message: _, systems: __, ...problem } of checkRepository(repository, { readData: true })) {
    found.push(problem);
  }
  const tables: Record<string, unknown[]> = {};
  for (const name of Object.keys(TABLES)) tables[name] = await rowsOf(await openReader(path), name);
  return { version: repository.version, id: repository.id ?? null, check: sorted(found), tables };
}

async function rowsOf(repository: Repository, table: string): Promise<unknown[]> {
  const { columns, json = [] } = TABLES[table];
  using answer = await query(repository, `SELECT ${columns.join(", ")} FROM ${table}`);
  const rows = [];
  for await (const row of answer) {
    const entries = columns.map((name, at) => {
      const value = json.includes(name) ? parsed(row[at]) : numberOf(row[at]);
      return [name, name === "tags" ? (value as string[]).toSorted() : value];
    });
    rows.push(Object.fromEntries(entries));
  }
  return sorted(rows);
}

function parsed(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

function numberOf(value: unknown): unknown {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return { _dbx: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
}

/** In an order that no listing of a folder changes. */
function sorted<T>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}

/** One line for each item of a list. */
function pretty(value: Record<string, unknown>): string {
  const list = (items: unknown[]) =>
    items.length === 0 ? "[]" : `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => {
    if (Array.isArray(item) && key !== "spec") return `${JSON.stringify(key)}: ${list(item)}`;
    if (key !== "tables") return `${JSON.stringify(key)}: ${JSON.stringify(item)}`;
    const tables = Object.entries(item as Record<string, unknown[]>).map(([name, rows]) =>
      `${JSON.stringify(name)}: ${list(rows)}`
    );
    return `"tables": {\n${tables.join(",\n")}\n}`;
  });
  return `{\n${entries.join(",\n")}\n}\n`;
}
