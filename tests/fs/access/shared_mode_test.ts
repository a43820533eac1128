import { addBits, readSharedMode, shareRepository } from "../../../lib/fs/access/shared_mode.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

const modeOf = (path: string): number => (Deno.lstatSync(path).mode ?? 0) & 0o7777;

Deno.test("readSharedMode: a private repository has none; what shareRepository says stays", async () => {
  await using folder = await scratch();
  assertEquals(readSharedMode(`${folder.path}/none`), undefined);
  for (const [shared, file, bits] of [["group", 0o660, 0o2770], ["all", 0o664, 0o2775]] as const) {
    const root = `${folder.path}/${shared}`;
    Deno.mkdirSync(root);
    Deno.chmodSync(root, 0o700);
    shareRepository(root, shared);
    assertEquals(readSharedMode(root), { file, folder: bits });
    assertEquals(modeOf(root), 0o700 | bits);
    assertEquals(modeOf(`${root}/.dbx`) & bits, bits);
    assertEquals(modeOf(`${root}/.dbx/shared`) & file, file);
    // Another process has nothing in memory.
    const script = `import { readSharedMode } from ${
      JSON.stringify(new URL("../../../lib/fs/access/shared_mode.ts", import.meta.url).href)
    }; console.log(JSON.stringify(readSharedMode(Deno.args[0])));`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", "--no-check", script, root],
    }).output();
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), { file, folder: bits });
  }
});

Deno.test("addBits: gives back what the umask took, and no more", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/f`;
  Deno.writeTextFileSync(path, "");
  Deno.chmodSync(path, 0o600);
  addBits(path, 0o660);
  assertEquals(modeOf(path), 0o660);
  addBits(`${folder.path}/gone`, 0o660);
});
