// A repository that two users of one group share, each with files of their own. Needs root, and setpriv of util-linux.
import { initRepository } from "../../../lib/repo/open.ts";
import { shareRepository } from "../../../lib/fs/access/shared_mode.ts";
import { LocalStore } from "../../../lib/store/local/local_store.ts";
import { putObject } from "../../../lib/store/local/objects.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const NOBODY = 65534;
const EXP = "0000000000exp";
const LOG = `${EXP}/runs/0000000000run/log.jsonl`;
const lib = new URL("../../../lib/", import.meta.url).href;
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Runs a script as another user; undefined where that cannot be done here. */
async function asNobody(script: string, ...args: string[]): Promise<{ success: boolean; text: string } | undefined> {
  if (Deno.uid() !== 0) return undefined;
  const who = ["--reuid", `${NOBODY}`, "--regid", `${NOBODY}`, "--clear-groups"];
  await using cache = await scratch();
  await Deno.chmod(cache.path, 0o777);
  const run = async (...words: string[]) => {
    try {
      const { success, stdout, stderr } = await new Deno.Command("setpriv", {
        args: [...who, Deno.execPath(), ...words],
        env: { DENO_DIR: cache.path, HOME: cache.path },
        cwd: cache.path,
      }).output();
      const decoder = new TextDecoder();
      return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
    } catch {
      return undefined;
    }
  };
  const probe = await run(
    "eval",
    "--no-config",
    `await import("${lib}store/local/local_store.ts"); console.log("here")`,
  );
  if (!probe?.success) return undefined;
  return await run("eval", "--no-config", "--no-check", script, ...args);
}

Deno.test("a shared repository: another user of the group logs, appends, puts objects and synchronises", async (test) => {
  await using folder = await scratch();
  await Deno.chmod(folder.path, 0o755);
  const path = `${folder.path}/r`;
  await initRepository(path);
  if (Deno.uid() === 0) await Deno.chown(path, 0, NOBODY);
  shareRepository(path, "group");
  const store = new LocalStore(path);
  await store.create(`${EXP}/meta.json`, encode(`{"id":"${EXP}","createdAt":1}\n`));
  await store.append(LOG, 0, encode(`{"event":"a","ts":1}\n`));
  const { sha256 } = await putObject(store, encode("kept"));
  for (const name of [EXP, `${EXP}/runs`, "objects"]) {
    assertEquals((await Deno.stat(`${path}/${name}`)).mode! & 0o2770, 0o2770, name);
  }
  for (const name of [`${EXP}/meta.json`, LOG, `objects/${sha256.slice(0, 2)}/${sha256}`]) {
    assertEquals((await Deno.stat(`${path}/${name}`)).mode! & 0o660, 0o660, name);
  }
  const ended = await asNobody(
    `import { LocalStore } from "${lib}store/local/local_store.ts";
    import { putObject } from "${lib}store/local/objects.ts";
    const store = new LocalStore(Deno.args[0]);
    const encode = (text) => new TextEncoder().encode(text);
    const { size } = await store.stat("${LOG}");
    await store.append("${LOG}", size, encode('{"event":"b","ts":2}\\n'));
    // The times of root's files are root's: what is not allowed is left.
    await store.setModifiedTimes([{ name: "${LOG}", size: (await store.stat("${LOG}")).size, modifiedAt: 5000 }]);
    await putObject(store, encode("kept"));
    await putObject(store, encode("nobody's"));
    const bytes = encode('{"event":"c","ts":3}\\n');
    const part = { name: "${LOG}", offset: (await store.stat("${LOG}")).size, bytes, end: true, size: 63, modifiedAt: 7000 };
    const taken = await store.writeMany(ReadableStream.from([[part]]));
    await store.create("${EXP}/runs/0000000000two/meta.json", encode("{}"));
    console.log(JSON.stringify(taken.setbacks));`,
    path,
  );
  await test.step({
    name: "as another user",
    ignore: ended === undefined,
    fn: async () => {
      assertEquals([ended!.success, ended!.text.trim()], [true, "[]"]);
      assertEquals((await Deno.readTextFile(`${path}/${LOG}`)).split("\n").length, 4);
      // What the other user made, root's group may write.
      const { mode, uid, gid } = await Deno.stat(`${path}/${EXP}/runs/0000000000two/meta.json`);
      assertEquals([mode! & 0o660, uid, gid], [0o660, NOBODY, NOBODY]);
    },
  });
  if (ended === undefined) console.log("  skipped: this machine lets no test run as another user");
});
