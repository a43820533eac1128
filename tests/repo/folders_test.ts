// What people and interrupted programs do to the folders of a repository.
import { AmbiguousError, NotFoundError } from "../../lib/base/errors.ts";
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { createExperiment, createRun } from "../../lib/logger/create.ts";
import { checkRepository } from "../../lib/repo/check/check.ts";
import { initRepository, openReader } from "../../lib/repo/open.ts";
import type { Problem } from "../../lib/repo/problems/problem.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { sync } from "../../lib/client/location/sync.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const check = async (path: string): Promise<Problem[]> =>
  await Array.fromAsync(checkRepository(await openReader(path)));
const kinds = (problems: readonly Problem[]): string[] =>
  problems.map(({ severity, kind, path }) => `${severity} ${kind} ${path}`).sort();

/** A repository with an experiment named `a/b` that has one run. */
async function made(path: string) {
  await initRepository(path);
  const store = new LocalStore(path);
  const { folder, definition } = await createExperiment(store, { kind: "k", name: "a/b" });
  const run = await createRun(store, folder, {});
  await store.append(`${run.folder}/log.jsonl`, 0, encode(`{"event":"e/1","ts":1,"x":1}\n`));
  return { path, store, folder, id: definition.id, run: run.definition.id };
}

Deno.test("a moved experiment is read where it stands, by every command [slow]", async () => {
  await using scratched = await scratch();
  const { path, folder, id, run } = await made(`${scratched.path}/r`);
  await Deno.mkdir(`${path}/old/stuff`, { recursive: true });
  await Deno.rename(`${path}/${folder}`, `${path}/old/stuff/${id}`);
  const reader = await openReader(path);
  assertEquals((await reader.findExperiment(id.slice(0, 6))).folder, `old/stuff/${id}`);
  assertEquals((await reader.findRun(run)).folder, `old/stuff/${id}/runs/${run}`);
  const at = ["-R", path];
  assertEquals(JSON.parse((await dbx(["ls", ...at, "--json"])).stdout).length, 1);
  assertStringIncludes((await dbx(["show", id, ...at])).stdout, id);
  assertStringIncludes((await dbx(["tail", run, ...at, "--jsonl"])).stdout, "e/1");
  assertEquals((await dbx(["query", ...at, "--format", "csv", "SELECT value FROM points"])).stdout, "value\n1\n");
  const checked = await dbx(["check", ...at]);
  assertEquals(checked.code, 0);
  assertStringIncludes(checked.stdout, `move it back to "a/b/${id}"`);
});

Deno.test("an experiment in two folders is named by check, and reachable by its folder [F11]", async () => {
  await using scratched = await scratch();
  const { path, store, folder, id, run } = await made(`${scratched.path}/r`);
  const other = new LocalStore(`${scratched.path}/other`);
  await sync(store, other);
  // Moved here by hand; then the other copy brings it again.
  await Deno.mkdir(`${path}/old`, { recursive: true });
  await Deno.rename(`${path}/${folder}`, `${path}/old/${id}`);
  await sync(store, other);
  const problems = kinds(await check(path));
  assertEquals(problems, [`damage duplicate a/b/${id}`, `note moved old/${id}/meta.json`]);
  const reader = await openReader(path);
  for (const prefix of [id, id.slice(0, 5)]) {
    const error = await assertRejects(() => reader.findExperiment(prefix), AmbiguousError, "stands in 2 folders");
    assertEquals([...error.candidates].sort(), [`a/b/${id}`, `old/${id}`]);
  }
  for (const place of [`a/b/${id}`, `old/${id}`]) {
    for (const name of [place, place.slice(0, -6)]) {
      assertEquals((await reader.findExperiment(name)).folder, place);
      assertEquals((await reader.findRun(name)).folder, `${place}/runs/${run}`);
    }
    assertEquals((await reader.findRun(`${place}/${run.slice(0, 4)}`)).folder, `${place}/runs/${run}`);
  }
  assertEquals((await reader.findRun(run)).id, run);
  assertEquals((await dbx(["show", `old/${id}`, "-R", path])).code, 0);
  const shown = await dbx(["rm", id, "-R", path]);
  assertEquals(shown.code, 1);
  assertStringIncludes(shown.stderr, `\n  old/${id}`);
  await assertRejects(() => reader.findExperiment(`none/${id}`), NotFoundError);
  await assertRejects(() => reader.findExperiment("old/"), NotFoundError);
  // What the message says to do helps.
  await Deno.remove(`${path}/old/${id}`, { recursive: true });
  assertEquals(await check(path), []);
});

Deno.test("an empty folder is no damage, and a run whose definition has not arrived is incomplete", async () => {
  await using scratched = await scratch();
  const { path, store, folder, id, run } = await made(`${scratched.path}/r`);
  await Deno.mkdir(`${path}/${folder}/runs/emptyrunfolde`);
  await Deno.mkdir(`${path}/emptyexpfolde/runs/emptyrunfolde`, { recursive: true });
  await Deno.mkdir(`${path}/some/empty/folder`, { recursive: true });
  await Deno.mkdir(`${path}/${folder}/notes`);
  assertEquals(await check(path), []);
  await store.append(`${folder}/runs/halfrunfolder/log.jsonl`, 0, encode(`{"event":"e","ts":1}\n`));
  await store.append(`halfexpfolder/runs/halfrunfolder/log.jsonl`, 0, encode(`{"event":"e","ts":1}\n`));
  await store.append(`${folder}/runs/${run}/bad.log.jsonl`, 0, encode(`{bad\n`));
  const problems = await check(path);
  assertEquals(kinds(problems), [
    `damage bad-line ${folder}/runs/${run}/bad.log.jsonl`,
    `note incomplete ${folder}/runs/halfrunfolder`,
    "note incomplete halfexpfolder",
  ]);
  assert(problems.every(({ kind, message }) => kind !== "incomplete" || message.includes("synchronise again")));
  // Readers say nothing of it, and show the rest.
  const listed = await dbx(["ls", "-R", path, "--json"]);
  assertEquals([JSON.parse(listed.stdout).length, listed.stderr.includes("damaged")], [1, false]);
  const repo = await openRepository(path);
  assertEquals((await (await repo.findExperiment(id)).runs()).map((one) => one.id), [run]);
  // The definition arrives; nothing remembers that it was not there.
  await createRun(store, folder, { id: "halfrunfolder" });
  assertEquals((await (await repo.findExperiment(id)).runs()).length, 2);
});

Deno.test("a log beside the definition of an experiment that has runs hides none of them, and is not sent", async () => {
  await using scratched = await scratch();
  const { path, store, folder, run } = await made(`${scratched.path}/r`);
  const query = async () =>
    (await dbx(["query", "-R", path, "--format", "csv", "SELECT run, event FROM events"])).stdout;
  const expected = `run,event\n${run},e/1\n`;
  assertEquals(await query(), expected);
  await Deno.writeTextFile(`${path}/${folder}/x.log.jsonl`, `{"event":"stray","ts":1}\n`);
  assertEquals(await query(), expected);
  assertEquals(kinds(await check(path)), [`note stray ${folder}/x.log.jsonl`]);
  const other = new LocalStore(`${scratched.path}/other`);
  await sync(store, other);
  assertEquals(await other.stat(`${folder}/x.log.jsonl`), undefined);
  assertEquals((await other.stat(`${folder}/runs/${run}/log.jsonl`))?.kind, "file");
});

Deno.test("a v0 file may be named runs/…: it is of v0 as long as no run stands there", async () => {
  await using scratched = await scratch();
  const { path, store } = await made(`${scratched.path}/r`);
  const old = "Ab3_x9ZkQ0pLm";
  for (
    const [name, text] of [["meta.json", `{"kind":"old"}`], ["log.jsonl", `{"event":"v0"}\n`], ["runs/x.bin", "bytes"]]
  ) await store.create(`${old}/${name}`, encode(text));
  const events = async () =>
    JSON.parse((await dbx(["query", "-R", path, "--json", "SELECT event FROM events"])).stdout);
  assertEquals((await events()).map(({ event }: { event: string }) => event).sort(), ["e/1", "v0"]);
  const other = new LocalStore(`${scratched.path}/other`);
  await sync(store, other);
  assertEquals((await other.stat(`${old}/runs/x.bin`))?.size, 5);
  // A run that comes makes it one of v1, also where its folder has been seen before.
  await createRun(store, old, {});
  assertEquals((await events()).map(({ event }: { event: string }) => event), ["e/1"]);
});

Deno.test("nothing is made in a repository of a version that is not known, nor of it by a clone [F24, F26] [slow]", async () => {
  await using scratched = await scratch();
  const [path, mine] = [`${scratched.path}/new`, await made(`${scratched.path}/r`)];
  await Deno.mkdir(path);
  const marker = `{"dbx":2,"id":"0000000000abc","createdAt":"2026-01-01T00:00:00.000Z"}\n`;
  await Deno.writeTextFile(`${path}/dbx.json`, marker);
  const words = [["ls"], ["check"], ["query", "SELECT 1"], ["gc"], ["index"], ["push", mine.path], ["pull", mine.path]];
  for (const command of [...words, ["log", "e/1"], ["run", "--", "true"], ["serve", "--pipe"]]) {
    const { code, stderr } = await dbx([...command], { cwd: path });
    assertStringIncludes(stderr, "says version 2, and this dbx knows 0 and 1", command.join(" "));
    assert(code !== 0 || command[0] === "run", command.join(" "));
    assertEquals(Array.from(Deno.readDirSync(path), ({ name }) => name), ["dbx.json"], command.join(" "));
  }
  for (const [a, b] of [[mine.path, path], [path, mine.path], [path, `${scratched.path}/library`]]) {
    await assertRejects(() => sync(a, b), Error, "says version 2");
  }
  assertStringIncludes((await dbx(["clone", path, `${scratched.path}/copy`])).stderr, "says version 2");
  assertEquals(Array.from(Deno.readDirSync(scratched.path), ({ name }) => name).sort(), ["new", "r"]);
  assertEquals(Array.from(Deno.readDirSync(path), ({ name }) => name), ["dbx.json"]);
  assertEquals(await Deno.readTextFile(`${path}/dbx.json`), marker);
});

Deno.test("an experiment or run whose definition says another id has that of its folder, everywhere [F78] [slow]", async () => {
  await using scratched = await scratch();
  const { path, folder, id, run } = await made(`${scratched.path}/r`);
  for (const name of [`${path}/${folder}/meta.json`, `${path}/${folder}/runs/${run}/meta.json`]) {
    const definition = JSON.parse(await Deno.readTextFile(name));
    await Deno.writeTextFile(name, JSON.stringify({ ...definition, id: "0another00one" }));
  }
  const query = ["query", "-R", path, "--format", "csv", "SELECT exp, run FROM runs"];
  // What is read, and what the catalogue remembers.
  for (const _ of ["read", "remembered"]) {
    assertEquals((await dbx(query)).stdout, `exp,run\n${id},${run}\n`);
    assertStringIncludes((await dbx(["show", id, "-R", path])).stdout, `experiment: ${id}`);
    assertEquals((await dbx(["tail", run, "-R", path])).code, 0);
    assertEquals((await dbx(["show", "0another00one", "-R", path])).code, 1);
    await dbx(["index", "-R", path]);
  }
  assertEquals(kinds(await check(path)), [
    `damage wrong-id ${folder}/meta.json`,
    `damage wrong-id ${folder}/runs/${run}/meta.json`,
  ]);
});
