import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

Deno.test("dbx tag: killed among many experiments, it leaves whole notes, and the next one finishes [slow]", async () => {
  await using folder = await scratch();
  const repo = `${folder.path}/r`;
  const start = { cwd: folder.path, env: { DBX_REPO: repo, XDG_CACHE_HOME: `${folder.path}/cache` } };
  await dbx(["log", "-q", "e", "x=1"], start);
  const [{ id }] = JSON.parse((await dbx(["ls", "--json"], start)).stdout);
  const definition = await Deno.readTextFile(`${repo}/${id}/meta.json`);
  const ids = Array.from({ length: 300 }, (_, at) => String(at).padStart(13, "0"));
  for (const other of ids) {
    await Deno.mkdir(`${repo}/${other}`);
    await Deno.writeTextFile(`${repo}/${other}/meta.json`, definition.replaceAll(id, other));
  }
  const hasNotes = (other: string) => Deno.stat(`${repo}/${other}/notes`).then(() => true, () => false);
  const child = spawn(["tag", "-y", "--where", "created > 0", "all"], start);
  while (!await hasNotes(ids[20])) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill("SIGKILL");
  await child.output();
  await child.stdin.abort().catch(() => {});
  const tagged = async () =>
    JSON.parse((await dbx(["ls", "--tag", "all", "--cols", "id", "--json"], start)).stdout).length;
  assert(await tagged() < 301, "it was killed too late");
  assertEquals((await dbx(["check"], start)).code, 0);
  assertEquals((await dbx(["tag", "-y", "--where", "created > 0", "all"], start)).code, 0);
  assertEquals(await tagged(), 301);
  // What was there already was not said again.
  const { stdout } = await dbx(["query", "-F", "csv", "SELECT count(*) FROM notes WHERE text = 'all'"], start);
  assertEquals(stdout.trim().split("\n").at(-1), "301");
});
