// Runs the script of a package under dbx, and compares the run with what the script logged.
import { assertEquals } from "../../assert.ts";
import { openRepository } from "../../../mod.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";
import type { Case } from "./cases.ts";

/** The path of a script beside this file. */
export function scriptOf(name: string): string {
  return decodeURIComponent(new URL(`${name}_script.py`, import.meta.url).pathname);
}

/** Runs a script with options of `dbx run`; every value that it logs must be in the run, once. */
export async function checkCase(
  { name, series, params, tags = [], files = [], env = {}, prints }: Case,
  python: string,
  options: readonly string[] = [],
): Promise<void> {
  await using folder = await scratch();
  const cwd = folder.path;
  const all = { TRACKIO_DIR: `${cwd}/trackio`, PYTHONWARNINGS: "ignore", HOME: cwd, ...env };
  const start = { cwd, env: { ...all, DBX_REPO: `${cwd}/repository` } };
  const ended = await dbx([
    "run",
    "-q",
    "--no-git",
    "--no-code",
    "--system-interval",
    "0",
    ...options,
    "--",
    python,
    scriptOf(name),
  ], start);
  assertEquals(ended.code, 0, ended.stdout + ended.stderr);
  if (prints !== undefined) assertEquals(ended.stdout.trim().split("\n"), prints);
  const repo = await openRepository(`${cwd}/repository`);
  const rows = async <Row extends object>(sql: string) => await repo.query(sql).objects<Row>();
  const points = await rows<{ series: string; step: number; value: unknown }>(
    `SELECT series, step, value FROM points WHERE log = '${name}' ORDER BY series, idx`,
  );
  const found = Map.groupBy(points, (row) => row.series);
  assertEquals(
    [...found].map(([key, some]) => [key, some.map(({ step }) => step), some.map(({ value }) => value)]),
    series.toSorted(([a], [b]) => a < b ? -1 : 1).map((one) => [...one]),
  );
  const others = await rows<{ log: string }>(
    "SELECT DISTINCT log FROM events WHERE log NOT IN ('dbx', 'stdout', 'files', 'code') ORDER BY log",
  );
  assertEquals(others.map(({ log }) => log), ["capture", name].sort());
  const ids = await rows<{ exp: string; tags: readonly string[] | string | null }>("SELECT exp, tags FROM experiments");
  const shown = JSON.parse((await dbx(["show", "--json", ids[0].exp], start)).stdout);
  const {
    version: _,
    names: _names,
    summary: _summary,
    labels: _labels,
    further: _further,
    shim = false,
    ...captured
  } = shown.captured[name];
  assertEquals([shim, captured], [options.includes("--shim"), { params }]);
  const kept = shown.files.map(({ name }: { name: string }) => name).filter((name: string) =>
    !name.startsWith("environment/")
  );
  assertEquals(kept.sort(), [...files].sort());
  const noted = ids[0].tags;
  assertEquals((typeof noted === "string" ? JSON.parse(noted) : noted ?? []).toSorted(), [...tags].sort());
  const checked = await dbx(["check", "--read-data"], start);
  assertEquals(checked.code, 0, checked.stdout + checked.stderr);
}
