import { assertEquals, assertStringIncludes } from "../assert.ts";
import { serveProcess } from "../security/served.ts";
import { dbx, scratch } from "./dbx.ts";

Deno.test("dbx tag, note, rename, edit: through a server with a token that may write, and refused with one that may not [slow]", async () => {
  await using folder = await scratch();
  const tokens: Record<string, string> = {};
  await using server = await serveProcess([], async (path) => {
    await dbx(["init", path]);
    for (const role of ["read", "write"]) {
      tokens[role] = (await dbx(["token", "add", role, "--role", role, "--repo", path])).stdout.trim();
    }
  });
  const start = (role: string, more = {}) => ({
    cwd: folder.path,
    env: {
      DBX_REPO: server.url,
      DBX_TOKEN: tokens[role],
      DBX_SPOOL: `${folder.path}/spool`,
      XDG_CACHE_HOME: `${folder.path}/cache`,
      ...more,
    },
  });
  const done = async (words: readonly string[], more = {}) => {
    const { code, stdout, stderr } = await dbx(words, start("write", more));
    assertEquals(code, 0, `${words}: ${stderr}`);
    return stdout.trim();
  };
  const [exp, run] = (await done(["log", "--name", "n", "train", "loss=1"])).split("/");
  await done(["tag", exp, "good"]);
  await done(["tag", "--where", "name = 'n'", "found"]);
  await done(["tag", `${exp}/${run}`, "of-run"]);
  await done(["note", exp, "a note"]);
  await done(["rename", exp, "m"]);
  await Deno.writeTextFile(`${folder.path}/ed.sh`, 'echo "note: edited" >> "$1"\n');
  await done(["edit", exp], { EDITOR: "sh ed.sh" });
  assertEquals(await done(["ls", "--cols", "name,tags,note", "--no-header"]), "m  good,found  edited");
  assertEquals(await done(["tag", "--undo", exp]), `${exp}: the tag "found" was removed`);
  await done(["log", "-q", "--exp", exp, "eval", "acc=0.5"]);
  assertEquals(await done(["ls", "--cols", "status,runs,last:acc", "--no-header"]), "finished  2  0.5");
  const shown = JSON.parse(await done(["show", exp, "--json"]));
  assertEquals([shown.name, shown.tags, shown.run], ["m", ["good"], run]);

  const refused = await dbx(["tag", exp, "no"], start("read"));
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, "role");
});
