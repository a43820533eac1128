// dbx purge --secret: finds a secret wherever dbx may have kept it, however it is escaped, and removes what holds it.
import { openRepository } from "../../lib/client/location/open_repository.ts";
import { LocalStore } from "../../lib/store/local/local_store.ts";
import { putObject } from "../../lib/store/local/objects.ts";
import { formsOf } from "../../lib/repo/secrets/forms.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch, spawn } from "../e2e/dbx.ts";
import { holding } from "./secret_bytes.ts";

/** With what JSON, URLs and Python write in another way. */
const SECRET = `pä"ss/w\\ord`;
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A repository in which each experiment, named by its kind, keeps the secret in another place; `clean` does not. */
async function repository(path: string): Promise<Map<string, string>> {
  await using repo = await openRepository(path);
  const made = new Map<string, string>();
  const make = async (kind: string, params = {}) => {
    const experiment = await repo.experiment({ kind, params });
    made.set(kind, experiment.id);
    return { experiment, run: await experiment.run({ env: false, git: false }) };
  };
  await (await make("params", { a: { b: SECRET } })).run.finish();
  const event = await make("event");
  event.run.log("x", { text: `before ${SECRET} after` });
  await event.run.finish();
  const python = await make("python");
  python.run.log("x", { text: JSON.stringify(SECRET).replace("ä", "\\u00e4") });
  await python.run.finish();
  const url = await make("url");
  url.run.log("x", { text: `https://x/?q=${encodeURIComponent(SECRET)}` });
  await url.run.finish();
  const file = await make("file");
  await file.run.file("f", encode(`\0binary ${SECRET}\0`));
  await file.run.finish();
  const clean = await make("clean", { lr: 0.1 });
  await clean.run.file("f", encode("harmless"));
  await clean.run.finish();
  const store = new LocalStore(path);
  const noted = await make("noted");
  await noted.run.finish();
  await store.create(
    `${noted.experiment.folder}/notes/0replica00001.log.jsonl`,
    encode(JSON.stringify({ event: "dbx/note", ts: 1, text: SECRET }) + "\n"),
  );
  await putObject(store, encode(`nothing refers to ${SECRET}`));
  return made;
}

Deno.test("purge --secret: finds each place, lists it, removes it, and leaves the rest [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const made = await repository(path);
  const stdin = `${SECRET}\n`;
  const listed = await dbx(["purge", "--repo", path, "--secret", "--dry-run", "--json", "-"], { stdin });
  assertEquals(listed.code, 1, listed.stderr);
  const { found, waste } = JSON.parse(listed.stdout);
  const kinds = found.map(({ of, kind }: { of: string; kind: string }) => `${of} ${kind}`).sort();
  const expected = ["experiment noted", "experiment params", "run event", "run file", "run python", "run url"];
  assertEquals(kinds, expected);
  assertEquals(waste.length, 1);
  for (const text of [listed.stdout, listed.stderr]) assert(!formsOf(SECRET).some((form) => text.includes(form)));

  const asked = await dbx(["purge", "--repo", path, "--secret", "-"], { stdin });
  assertEquals(asked.code, 2);
  assertStringIncludes(asked.stderr, "use --yes");
  const purged = await dbx(["purge", "--repo", path, "--secret", "--yes", "-"], { stdin });
  assertEquals(purged.code, 0, purged.stderr);
  for (const form of formsOf(SECRET)) assertEquals(await holding(form, path), [], form);
  assertEquals((await holding("harmless", path)).length, 1);
  const again = await dbx(["purge", "--repo", path, "--secret", "--dry-run", "-"], { stdin });
  assertEquals([again.code, again.stdout], [0, "no run or experiment contains it\n"]);
  const left: { kind: string }[] = JSON.parse((await dbx(["ls", "--repo", path, "--json"])).stdout);
  assertEquals(left.map(({ kind }) => kind).sort(), ["clean", "event", "file", "python", "url"]);
  assertEquals(made.size, 7);
});

Deno.test("purge --secret: by the rules of redaction, which know more than when a run was recorded, or by a pattern [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  {
    await using repo = await openRepository(path);
    for (const text of ["ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "corp-0123456789abcdef", "loss 0.25"]) {
      const run = await (await repo.experiment({ kind: text.slice(0, 4) })).run({ env: false, git: false });
      run.log("said", { text });
      await run.finish();
    }
  }
  const rules = await dbx(["purge", "--repo", path, "--secret", "--dry-run"]);
  assertEquals(rules.code, 1);
  assertStringIncludes(rules.stdout, "github");
  assertEquals(rules.stdout.split("\n").filter((line) => line.startsWith("run")).length, 1, rules.stdout);
  const pattern = await dbx(["purge", "--repo", path, "--secret", "--yes", "--redact", "corp-[0-9a-f]{16}"]);
  assertEquals(pattern.code, 0, pattern.stderr);
  assertEquals(await holding("corp-0123456789abcdef", path), []);
  assertEquals((await holding("ghp_a1", path)).length, 1);
  const short = await dbx(["purge", "--repo", path, "--secret", "-"], { stdin: "abc" });
  assertEquals(short.code, 2);
  const both = await dbx(["purge", "--repo", path, "--secret", "--redact", "x", "-"], { stdin: "abcdefgh" });
  assertEquals(both.code, 2);
  await Deno.writeTextFile(`${path}/remarks.txt`, "the key is corp-0123456789abcdef");
  const other = await dbx(["purge", "--repo", path, "--secret", "-"], { stdin: "corp-0123456789abcdef" });
  assertEquals(other.code, 1);
  assertStringIncludes(other.stderr, "remarks.txt (text) does not belong to an experiment");
});

Deno.test("purge: a run that goes on is refused, and with --force its program makes nothing again [F71]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const repo = await openRepository(path);
  const experiment = await repo.experiment({ kind: "k" });
  const run = await experiment.run({ env: false, git: false });
  run.log("said", { text: "hunter2-live" });
  await run.flush();
  const refused = await dbx(["rm", "--purge", "--yes", "--repo", path, experiment.id]);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "is running");
  assertStringIncludes(refused.stderr, "--force");
  const forced = await dbx(["rm", "--purge", "--yes", "--force", "--repo", path, experiment.id]);
  assertEquals(forced.code, 0, forced.stderr);
  run.log("said", { text: "hunter2-more" });
  const { lost } = await run.finish();
  assert(lost > 0);
  await repo.close();
  assertEquals(await holding("hunter2-", path), []);
});

Deno.test("purge --secret: what is written again while it purges is told, and it is not taken for done [slow]", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/repo`;
  const make = async () => {
    await using repo = await openRepository(path);
    const run = await (await repo.experiment({ kind: "k" })).run({ env: false, git: false });
    run.log("x", { text: SECRET });
    await run.finish();
  };
  await make();
  // A collection that goes on: the purge waits for it, when it has looked for the secret.
  using lock = await Deno.open(`${path}/.dbx/gc.lock`, { write: true, create: true });
  await lock.lock(true);
  const child = spawn(["purge", "--repo", path, "--secret", "--yes", "-"]);
  const writer = child.stdin.getWriter();
  await writer.write(encode(`${SECRET}\n`));
  await writer.close();
  const stdout = new Response(child.stdout).text();
  let said = "", isFree = false;
  for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
    said += piece;
    if (isFree || !said.includes("waiting for it")) continue;
    isFree = true;
    await make();
    await lock.unlock();
  }
  assertEquals([(await child.status).code, isFree], [1, true], said + await stdout);
  assertStringIncludes(said, "it is still there, or was written again");
  assertEquals((await dbx(["purge", "--repo", path, "--secret", "--yes", "-"], { stdin: SECRET })).code, 0);
});
