// A secret is purged in one of three copies, a folder, a server and one behind ssh: each drops it when it hears of it, none brings
// it back, and nobody has a server drop anything by a token that may only write.
import { tombstoneText } from "../../lib/format/layout/tombstone.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { DBX, dbx, scratch } from "../e2e/dbx.ts";
import { holding } from "./secret_bytes.ts";
import { serving } from "./serving.ts";

const TRAIN = `echo '{"event":"loss","value":1,"note":"hunter2-printed"}'; echo hunter2-said`;

/** Where a copy says that there is a tombstone, or whose it was: both name the id alone. */
const SAYS_ID = /\/(?:purged\/\w{13}\.json|folders|owners)$/;

/** A user with a home folder, who types commands. */
async function user() {
  const folder = await scratch();
  const home = folder.path;
  await Deno.mkdir(`${home}/home`);
  await Deno.writeTextFile(`${home}/far`, `#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n`, { mode: 0o755 });
  const env = {
    HOME: `${home}/home`,
    XDG_CONFIG_HOME: `${home}/home/config`,
    XDG_CACHE_HOME: `${home}/home/cache`,
    XDG_STATE_HOME: `${home}/home/state`,
    DBX_SSH: `${home}/far -q`,
    DBX_REMOTE_DBX: DBX.join(" "),
  };
  const type = async (words: readonly string[], more: Record<string, string> = {}) =>
    await dbx(words, { cwd: home, env: { ...env, ...more } });
  const well = async (words: readonly string[], more: Record<string, string> = {}) => {
    const ended = await type(words, more);
    assertEquals(ended.code, 0, `dbx ${words.join(" ")}: ${ended.stderr}`);
    return ended.stdout;
  };
  return { home, env, type, well, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** A run that says the secret in its command line, its output and its events; its experiment's id. */
async function train({ home, well }: Awaited<ReturnType<typeof user>>, repo: string): Promise<string> {
  await well(["run", "-q", "--repo", repo, "--id-file", `${home}/id`, "--", "sh", "-c", TRAIN]);
  return (await Deno.readTextFile(`${home}/id`)).trim().split("/")[0];
}

Deno.test("purge: three copies in a ring drop it, and never bring it back [slow]", async () => {
  await using person = await user();
  const { home, env, type, well } = person;
  for (const copy of ["a", "served"]) await well(["init", copy]);
  const token = async (role: string) => {
    const made = await well(["token", "add", role, "--role", role, "--repo", "served", "--json"]);
    return { DBX_TOKEN: JSON.parse(made).token as string };
  };
  const [write, control] = [await token("write"), await token("control")];
  const id = await train(person, "a");
  const kept = await train(person, "a");
  await using server = await serving(["--listen", "0", "--quiet", "--repo", `${home}/served`], { env });
  const far = `host:${home}/b`;
  await well(["push", "--repo", "a", server.url], control);
  await well(["push", "--repo", "a", "--create", far]);
  // What is derived from it in the copies, at the server, and in this user's cache.
  for (const repo of ["a", "b", "served"]) await well(["index", "--repo", repo]);
  await well(["query", "--repo", server.url, "SELECT count(*) FROM events"], control);
  const both = ["query", "--repo", server.url, "--repo", "a", "SELECT count(*) FROM points"];
  await well(both, control);
  const everywhere = await holding("hunter2-", home);
  for (const copy of ["a", "b", "served"]) {
    assert(everywhere.some((path) => path.startsWith(`${home}/${copy}/${id}`)), copy);
  }

  const asked = await type(["rm", "--purge", "--repo", "a", id]);
  assertEquals(asked.code, 2, "nobody can be asked");
  await well(["rm", "--purge", "--yes", "--repo", "a", id]);
  const restored = await type(["restore", "--repo", "a", id]);
  assertEquals(restored.code, 1);
  assertStringIncludes(restored.stderr, "it was purged permanently");

  // Who may only write has the server drop nothing, and is told what to do.
  const refused = await type(["push", "--repo", "a", server.url], write);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "this token may not purge");
  assertStringIncludes(refused.stderr, "a token with the role control");
  assert((await holding("hunter2-", `${home}/served/${id}`)).length > 0);
  // The others still have it, and bring it to nobody who knows; who pulls from them gets nothing of it.
  await well(["pull", "--repo", "a", "--no-purges", server.url], control);
  await well(["pull", "--repo", "a", far]);
  const none = await type(["push", "--repo", "b", "a"]);
  assertEquals(none.code, 0, none.stderr);
  assertEquals((await holding(id, `${home}/a`)).filter((path) => !SAYS_ID.test(path)), []);

  // It goes round: from the folder over ssh, from there to the server, and back.
  assertStringIncludes(await well(["push", "--repo", "a", far]), `purged ${id} in`);
  await well(["sync", "--repo", "b", server.url], control);
  await well(["sync", "--repo", "a", server.url], control);
  await well(["sync", "--repo", "b", "a"]);
  // This user's index of the server's repository is another one by now.
  await well(both, control);
  for (const copy of ["a", "b", "served"]) {
    assertEquals(await Deno.readTextFile(`${home}/${copy}/purged/${id}.json`), tombstoneText(id));
    assertEquals((await holding(id, `${home}/${copy}`)).filter((path) => !SAYS_ID.test(path)), []);
    assertEquals((await Array.fromAsync(Deno.readDir(`${home}/${copy}/${kept}/runs`))).length, 1);
  }
  assertEquals(await holding(id, `${home}/home`), []);

  // An administrator purges at the server itself.
  const still = await type(["rm", "--purge", "--yes", "--repo", server.url, kept], write);
  assertEquals(still.code, 1);
  assertStringIncludes(still.stderr, "this token may not purge");
  await well(["rm", "--purge", "--yes", "--repo", server.url, kept], control);
  assertEquals(await holding("hunter2-", `${home}/served`, `${home}/home`), []);
  await well(["sync", "--repo", "b", server.url], control);
  await well(["sync", "--repo", "b", "a"]);
  assertEquals(await holding("hunter2-", home), []);
});

Deno.test("purge: what is logged below a tombstone is dropped again [slow]", async () => {
  await using person = await user();
  const { home, type, well } = person;
  await well(["init", "a"]);
  const id = await train(person, "a");
  const run = (await Array.fromAsync(Deno.readDir(`${home}/a/${id}/runs`)))[0].name;
  await well(["rm", "--purge", "--yes", "--repo", "a", id]);
  const recreate = async () => {
    await Deno.mkdir(`${home}/a/${id}/runs/${run}`, { recursive: true });
    await Deno.writeTextFile(`${home}/a/${id}/runs/${run}/log.jsonl`, `{"event":"x","ts":1,"text":"hunter2-again"}\n`);
  };
  await recreate();
  const checked = await type(["check", "--repo", "a"]);
  assertEquals(checked.code, 1);
  assertStringIncludes(
    checked.stdout,
    "was purged, and a program that did not know it continued to write; dbx gc removes it",
  );
  assertStringIncludes(await well(["gc", "--repo", "a"]), `removed remains of an earlier purge: ${id}`);
  assertEquals(await holding("hunter2-", `${home}/a`), []);
  await recreate();
  await well(["push", "--repo", "a", "--create", `${home}/c`]);
  assertEquals(await holding("hunter2-", `${home}/c`), [], "nothing of it is sent");
  await well(["sync", "--repo", "a", `${home}/c`]);
  assertEquals(await holding("hunter2-", `${home}/a`, `${home}/c`), []);
});

Deno.test("a token that may only write is told what to do with v0 experiments [slow]", async () => {
  await using person = await user();
  const { home, env, type, well } = person;
  await well(["init", "served"]);
  const made = await well(["token", "add", "me", "--role", "write", "--repo", "served", "--json"]);
  const token = { DBX_TOKEN: JSON.parse(made).token as string };
  await well(["clone", new URL("../fixtures/v0", import.meta.url).pathname, "old"]);
  await using server = await serving(["--listen", "0", "--quiet", "--repo", `${home}/served`], { env });
  const refused = await type(["push", "--repo", "old", server.url], token);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "it belongs to a v0 experiment");
  assertStringIncludes(refused.stderr, "token of the role control");
  assert(refused.stderr.split("\n").length < 12, refused.stderr);
});
