import { assert, assertEquals } from "../assert.ts";
import { dbx } from "../e2e/dbx.ts";

Deno.test("dbx serve: limits that are not above 0 are refused before it listens", async () => {
  for (const option of ["--rate=-1", "--query-memory=-1", "--query-time=0", "--query-rows=-5"]) {
    const { code, stderr } = await dbx(["serve", "--listen", "0", option]);
    assertEquals(code, 2, option);
    assert(/it must be above 0/.test(stderr), stderr);
  }
});
