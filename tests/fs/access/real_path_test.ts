import { realPath } from "../../../lib/fs/access/real_path.ts";
import { assertEquals } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";

Deno.test("realPath: goes through links, as far as something is there", async () => {
  await using folder = await scratch();
  await Deno.mkdir(`${folder.path}/a`);
  await Deno.symlink(`${folder.path}/a`, `${folder.path}/link`);
  assertEquals(realPath(`${folder.path}/link`), `${folder.path}/a`);
  assertEquals(realPath(`${folder.path}/link/not/there`), `${folder.path}/a/not/there`);
});

Deno.test("realPath: what may not be read is not looked at", { permissions: "none" }, () => {
  assertEquals(realPath("/tmp/link"), "/tmp/link");
});
